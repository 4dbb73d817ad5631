using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Caisson.Kernel.Files;

namespace Caisson.Kernel.Tests.Files;

/// <summary>A directory on this machine's disk with a directory from and a directory to; removed at the end.</summary>
public sealed partial class Scratch : IDisposable
{
    public Scratch()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root: device nodes, owners, trusted extended attributes");
        Path = Directory.CreateTempSubdirectory("caisson-files-").FullName;
        Run("mkdir from to");
    }

    public string Path { get; }

    public Fd From => Open("from");

    public Fd To => Open("to");

    public Fd Open(string name) => OpenAt2.Open($"{Path}/{name}", OpenFlags.O_RDONLY);

    /// <summary>Runs a script in the directory and returns what it prints.</summary>
    public string Run(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-euc", script])
        {
            WorkingDirectory = Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        })!;
        string output = shell.StandardOutput.ReadToEnd();
        string errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"{script}\n{output}{errors}");
        return output.Trim();
    }

    /// <summary>All that find can print of what is in a directory.</summary>
    public string Describe(string directory) =>
        Run($"cd {directory} && find . -mindepth 1 -printf '%P %y %m %U:%G %s %n %b %T@ %l ' -exec stat -c '%t,%T' {{}} ';' | sort");

    /// <summary>Of the entry itself where it is a symbolic link.</summary>
    public void SetAttribute(string name, string attribute, string value) =>
        Assert.Equal(0, lsetxattr($"{Path}/{name}", attribute, Encoding.UTF8.GetBytes(value), (nuint)value.Length, 0));

    public string GetAttribute(string name, string attribute)
    {
        byte[] value = new byte[100];
        nint length = lgetxattr($"{Path}/{name}", attribute, value, 100);
        return length < 0 ? $"errno {Marshal.GetLastPInvokeError()}" : Encoding.UTF8.GetString(value, 0, (int)length);
    }

    public void Dispose() => Run("cd /; rm -rf \"$OLDPWD\"");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lsetxattr(string path, string name, byte[] value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint lgetxattr(string path, string name, byte[] value, nuint size);
}
