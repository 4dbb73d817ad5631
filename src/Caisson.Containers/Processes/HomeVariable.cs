using Caisson.Oci;

namespace Caisson.Containers.Processes;

/// <summary>Engines leave HOME to the runtime, which looks it up in the image.</summary>
static class HomeVariable
{
    /// <param name="process">Its HOME is kept if it has one.</param>
    /// <param name="readImageFile">Text of a file of the image, or null.</param>
    public static ProcessSpec AddTo(ProcessSpec process, Func<string, string?> readImageFile)
    {
        if ((process.Env ?? []).Any(entry => entry.StartsWith("HOME=", StringComparison.Ordinal) && entry.Length > 5))
        {
            return process;
        }

        string home = Passwd.HomeOf(readImageFile("/etc/passwd") ?? "", process.User?.Uid ?? 0) ?? "/";
        return process with { Env = [.. (process.Env ?? []).Where(entry => entry != "HOME="), $"HOME={home}"] };
    }
}
