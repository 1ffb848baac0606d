using System.Runtime.Loader;
using Microsoft.Win32.SafeHandles;
using Sigil.Runtime.Capabilities;

// sigil-host DESCRIPTOR PROGRAM [ARGUMENT...]: the descriptor is an open file that holds the program's assembly.
var context = new AssemblyLoadContext("program");
context.Resolving += (_, name) => AssemblyLoadContext.Default.LoadFromAssemblyName(name);
Type code;
using (var file = new FileStream(new SafeFileHandle(nint.Parse(args[0]), ownsHandle: true), FileAccess.Read, bufferSize: 0))
{
    file.Position = 0;
    code = context.LoadFromStream(file).GetType("Sigil.Program.Code", throwOnError: true)!;
}
ProgramEnvironment.Start(args[1], args[2..]);
return code.GetMethod("Main")!.CreateDelegate<Func<int>>()();
