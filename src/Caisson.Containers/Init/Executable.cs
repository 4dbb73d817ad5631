using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Init;

/// <summary>Where a program is looked for, as execvp(3) does it.</summary>
public static class Executable
{
    const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The paths to be tried in order: the name itself where it has a slash, else one for each entry of PATH.</summary>
    public static IReadOnlyList<string> Candidates(string name, IEnumerable<string>? environment)
    {
        if (name.Contains('/'))
        {
            return [name];
        }

        string? path = environment?.LastOrDefault(entry => entry.StartsWith("PATH=", StringComparison.Ordinal))?[5..];
        // An empty entry means the working directory.
        return [.. (path ?? DefaultPath).Split(':').Select(directory => directory.Length == 0 ? $"./{name}" : $"{directory.TrimEnd('/')}/{name}")];
    }

    /// <summary>The same with our own PATH.</summary>
    public static IReadOnlyList<string> InOwnPath(string name) => Candidates(name, [$"PATH={Environment.GetEnvironmentVariable("PATH")}"]);

    /// <summary>The first candidate that is there.</summary>
    public static string? Find(IEnumerable<string> candidates) =>
        candidates.FirstOrDefault(path => Stat.TryOf(Fd.CurrentDirectory, path, out _) == Errno.None);
}
