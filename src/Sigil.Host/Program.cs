using System.Runtime.Loader;
using Microsoft.Win32.SafeHandles;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Processes;

// sigil-host DESCRIPTOR LENGTH PROGRAM [ARGUMENT...]: the descriptor is an open file that holds the program's assembly, LENGTH bytes, and its symbols.
byte[] content;
using (var handle = new SafeFileHandle(nint.Parse(args[0]), ownsHandle: true))
{
    content = new byte[RandomAccess.GetLength(handle)];
    for (var done = 0; done < content.Length;) done += RandomAccess.Read(handle, content.AsSpan(done), done);
}
var length = int.Parse(args[1]);
var context = new AssemblyLoadContext("program");
context.Resolving += (_, name) => AssemblyLoadContext.Default.LoadFromAssemblyName(name);
var assembly = context.LoadFromStream(new MemoryStream(content, 0, length), new MemoryStream(content, length, content.Length - length));
ProgramImage.Register(assembly, content.AsMemory(0, length), content.AsMemory(length));
ProgramEnvironment.Start(args[2], args[3..]);
return assembly.GetType("Sigil.Program.Code", throwOnError: true)!.GetMethod("Main")!.CreateDelegate<Func<int>>()();
