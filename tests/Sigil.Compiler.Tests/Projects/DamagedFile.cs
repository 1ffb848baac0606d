namespace Sigil.Compiler.Tests.Projects;

/// <summary>A file that disks and other programs have damaged: cut off, or with a bit turned over.</summary>
internal static class DamagedFile
{
    /// <summary>Writes one damaged form of a file after the other, the same ones in every run.</summary>
    public static IEnumerable<int> Each(string file, int forms)
    {
        var good = File.ReadAllBytes(file);
        var random = new Random(3);
        for (var i = 0; i < forms; i++)
        {
            var bad = (byte[])good.Clone();
            if (i % 4 == 0) bad = bad[..random.Next(bad.Length)];
            else bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, bad);
            yield return i;
        }
    }
}
