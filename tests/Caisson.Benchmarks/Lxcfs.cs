using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Caisson.Benchmarks;

/// <summary>
/// Debian's lxcfs, neither installed nor started as a service: it serves in a mount namespace of its own, in which runc makes
/// containers that have its files. It is told to emulate all that Caisson does: loads and limits of processor time, too.
/// </summary>
sealed class Lxcfs : IDisposable
{
    const int SecondsToStart = 10;

    readonly Process _daemon;
    readonly string _mountPoint;

    public Lxcfs(Options options, Workspace workspace)
    {
        string directory = Script.Run(Script.Environment("lxcfs"));
        _mountPoint = $"{workspace.Root}/lxcfs";
        string run = $"{workspace.Root}/lxcfs-run";
        string log = $"{workspace.Root}/lxcfs.log";
        Directory.CreateDirectory(_mountPoint);
        Directory.CreateDirectory(run);
        View = new MountView();
        // It writes below /run, wherever its pid file is.
        View.Cover("/run", run);
        ProcessStartInfo start = new(
            "/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", log, $"{directory}/bin/lxcfs", "-f", "-l", "--enable-cfs", "-p", $"{run}/pid", _mountPoint])
        {
            Environment = { ["LD_LIBRARY_PATH"] = $"{directory}/lib" },
        };
        _daemon = View.Run(() => Process.Start(start)!);
        Stopwatch clock = Stopwatch.StartNew();
        while (!View.Run(() => File.Exists($"{_mountPoint}/proc/uptime")))
        {
            if (_daemon.HasExited || clock.Elapsed.TotalSeconds > SecondsToStart)
            {
                Dispose();
                throw new InvalidOperationException($"lxcfs does not serve: {File.ReadLines(log).LastOrDefault()}");
            }

            Thread.Sleep(10);
        }

        Contender = new Contender(
            Runtimes.Lxcfs, $"{Version(directory)} with --enable-loadavg --enable-cfs, in containers of runc",
            [options.Runc, "--root", $"{workspace.States}/lxcfs"], View);
    }

    /// <summary>runc beside the daemon.</summary>
    public Contender Contender { get; }

    MountView View { get; }

    /// <summary>Puts the files that are measured in their places.</summary>
    public void AddTo(JsonNode config)
    {
        foreach (string path in ViewFiles.OfLxcfs)
        {
            config["mounts"]!.AsArray().Add(new JsonObject
            {
                ["destination"] = path,
                ["type"] = "bind",
                ["source"] = _mountPoint + path,
                ["options"] = new JsonArray("bind"),
            });
        }
    }

    public void Dispose()
    {
        if (!_daemon.HasExited && Script.TryRun("/bin/kill", [$"{_daemon.Id}"], out _) && !_daemon.WaitForExit(5000))
        {
            _daemon.Kill();
        }

        _daemon.WaitForExit();
        _daemon.Dispose();
        View.Dispose();
    }

    // It prints its version, in quotation marks, as an error.
    static string Version(string directory) =>
        $"lxcfs {Script.Run("sh", "-c", $"LD_LIBRARY_PATH={directory}/lib {directory}/bin/lxcfs --version 2>&1").Trim('"')}";
}
