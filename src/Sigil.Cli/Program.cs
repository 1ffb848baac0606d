using System.CommandLine;
using Sigil.Cli;
using Sigil.Cli.Commands;
using Sigil.Runtime.Processes;

StandardDescriptors.Ensure();
if (DescriptorLimit.IsTooLow()) return ExitCodes.Failed;

// Source may nest a thousand levels and every phase recurses over it: the work runs on a thread with room for that.
int code = ExitCodes.InternalError;
var thread = new Thread(() => code = Entry.Run(args), 256 << 20) { Name = "sigil" };
thread.Start();
thread.Join();
return code;

namespace Sigil.Cli
{
    /// <summary>The command line.</summary>
    public static class Entry
    {
        /// <summary>Runs one command.</summary>
        /// <returns>The exit code.</returns>
        public static int Run(string[] args)
        {
            try
            {
                var root = new RootCommand("The Sigil language: run, check, test and build programs.")
                {
                    RunCommand.Create(), CheckCommand.Create(), TestCommand.Create(), BuildCommand.Create(), FmtCommand.Create(), DocCommand.Create(), ExplainCommand.Create(), NewCommand.Create(),
                };
                root.Subcommands.Add(CompletionsCommand.Create(root));
                var line = CommandLine.Read(root, args);
                if (line.Complaint is { } complaint)
                {
                    if (complaint.Length == 0) return Usage(root);
                    Console.Error.WriteLine($"error[E9102]: {complaint}\n  = help: {line.Help}");
                    return ExitCodes.WrongUsage;
                }
                // `@f` is a function, not a file with more arguments.
                var parsed = root.Parse(line.Words, new ParserConfiguration { ResponseFileTokenReplacer = null });
                if (parsed.Errors.Count > 0)
                {
                    foreach (var e in parsed.Errors) Console.Error.WriteLine($"error[E9102]: {e.Message.Replace(" as expected type 'System.Int32'", ": it is no number", StringComparison.Ordinal)}");
                    Console.Error.WriteLine("  = help: `sigil --help` lists the commands, `sigil COMMAND --help` their options");
                    return ExitCodes.WrongUsage;
                }
                // Only help and version go here. The file of the native command has another name than what people type.
                using var help = new StringWriter();
                var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = help });
                Console.Out.Write(Named(help));
                return code;
            }
            catch (IOException e)
            {
                // Files are read and written with care where they are; what comes here is standard output on a full disk, or a directory that has been removed under us.
                Complain(Directory.Exists(".") ? $"error[E9104]: cannot write the output: {e.Message}" : "error[E9104]: the current directory is not there any more");
                return ExitCodes.Failed;
            }
            catch (Exception e)
            {
                Complain($"""
                    error[E9101]: the compiler failed: {e.Message}
                      = help: this is a defect of the compiler, not of your program; please report it with the source and the lines below
                    {e}
                    """);
                return ExitCodes.InternalError;
            }
        }

        /// <summary>Who gives no command wants to know which there are, and a script that does so is wrong.</summary>
        private static int Usage(RootCommand root)
        {
            using var help = new StringWriter();
            root.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = help });
            Console.Error.Write(Named(help));
            return ExitCodes.WrongUsage;
        }

        private static string Named(StringWriter help) => help.ToString().Replace(RootCommand.ExecutableName + " ", "sigil ", StringComparison.Ordinal);

        private static void Complain(string text)
        {
            try
            {
                Console.Error.WriteLine(text);
            }
            catch (IOException)
            {
                // Nobody can be told.
            }
        }
    }
}
