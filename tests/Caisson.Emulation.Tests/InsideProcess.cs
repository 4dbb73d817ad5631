using System.Diagnostics;

namespace Caisson.Emulation.Tests;

/// <summary>A process that waits until it is disposed of: somebody whose namespaces and cgroups can be looked at.</summary>
sealed class InsideProcess : IDisposable
{
    readonly Process _process;

    /// <param name="command">What runs before a shell that waits, such as unshare with its options.</param>
    public InsideProcess(params string[] command)
    {
        string[] all = [.. command, "sh", "-c", "echo ready; exec cat"];
        _process = Process.Start(new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", _process.StandardOutput.ReadLine());
    }

    public int Id => _process.Id;

    /// <summary>Gives the process's new user namespace its ids.</summary>
    public void MapIds(uint root)
    {
        File.WriteAllText($"/proc/{Id}/uid_map", $"0 {root} 65536");
        File.WriteAllText($"/proc/{Id}/gid_map", $"0 {root} 65536");
    }

    /// <summary>Tests that make namespaces or cgroups say so before they begin.</summary>
    public static void NeedsRoot(string what) => Assert.SkipUnless(Environment.UserName == "root", $"needs root: {what}");

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
