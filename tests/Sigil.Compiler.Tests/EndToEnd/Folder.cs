namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>A directory of its own for one test.</summary>
internal sealed class Folder : IDisposable
{
    public Folder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "sigil-test-" + Guid.NewGuid().ToString("n"));

    /// <summary>Writes a file below it, directories included.</summary>
    public Folder With(string path, string text)
    {
        var file = At(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    public string At(string path) => System.IO.Path.Combine(Path, path);

    public string Read(string path) => File.ReadAllText(At(path));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
