using Caisson.Oci;

namespace Caisson.Containers.Processes;

/// <summary>The variables that a process gets: of each name the last one, and HOME, which engines leave to the runtime.</summary>
static class ProcessEnvironment
{
    const string Home = "HOME=";

    /// <param name="process">Its HOME is kept if it has one that is not empty.</param>
    /// <param name="readImageFile">Text of a file of the image, or null.</param>
    public static ProcessSpec Complete(ProcessSpec process, Func<string, string?> readImageFile)
    {
        List<string> variables = LastOfEach(process.Env ?? []);
        if (!variables.Exists(entry => entry.StartsWith(Home, StringComparison.Ordinal) && entry.Length > Home.Length))
        {
            string home = Passwd.HomeOf(readImageFile("/etc/passwd") ?? "", process.User?.Uid ?? 0) ?? "/";
            variables.RemoveAll(entry => entry == Home);
            variables.Add(Home + home);
        }

        return process with { Env = [.. variables] };
    }

    static List<string> LastOfEach(string[] env)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        List<string> kept = [];
        for (int i = env.Length - 1; i >= 0; i--)
        {
            if (names.Add(env[i].Split('=', 2)[0]))
            {
                kept.Add(env[i]);
            }
        }

        kept.Reverse();
        return kept;
    }
}
