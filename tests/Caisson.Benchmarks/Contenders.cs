using System.Runtime.InteropServices;

namespace Caisson.Benchmarks;

/// <summary>The runtimes of this machine that are compared.</summary>
sealed class Contenders : IDisposable
{
    const string HybridControllers = "/sys/fs/cgroup/unified/cgroup.controllers";

    readonly MountView? _view;

    public Contenders(Options options, Workspace workspace)
    {
        _view = File.Exists(HybridControllers) ? WithoutControllers($"{workspace.Root}/empty") : null;
        string[] crun = FindCrun(options.Crun);
        string state(string name) => $"{workspace.States}/{name}";
        All =
        [
            new(Runtimes.Plain, Version(options.Caisson), [options.Caisson, "--root", state("plain"), "--isolation", "plain"], null),
            new(Runtimes.System, Version(options.Caisson), [options.Caisson, "--root", state("system"), "--isolation", "system"], null),
            new(Runtimes.Runc, Version(options.Runc), [options.Runc, "--root", state("runc")], null),
            .. crun.Length == 0
                ? [] : (Contender[])[new(Runtimes.Crun, DescribeCrun(crun), [.. crun, "--root", state("crun")], _view)],
            new(Runtimes.WithoutView, Version(options.Caisson), [options.Caisson, "--root", state("no-view"), "--isolation", "system"], null, IsViewOff: true),
        ];
    }

    public IReadOnlyList<Contender> All { get; }

    public Contender System => All.First(it => it.Name == Runtimes.System);

    public void Dispose() => _view?.Dispose();

    // crun refuses cgroups v1 beside a v2 hierarchy that it takes for the one in use; it looks whether that one's list of
    // controllers is empty.
    static MountView WithoutControllers(string empty)
    {
        File.WriteAllText(empty, "");
        MountView view = new();
        view.Cover(HybridControllers, empty);
        return view;
    }

    // Debian sid's, because bookworm's is years old and slower; it finds sid's libraries through sid's own loader.
    static string[] FindCrun(string? given)
    {
        if (given is not null)
        {
            return [given];
        }

        if (Script.TryRun(Script.Environment("rootfs-engines"), ["sid"], out string root))
        {
            (string loader, string libraries) = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? ("ld-linux-aarch64.so.1", "aarch64-linux-gnu") : ("ld-linux-x86-64.so.2", "x86_64-linux-gnu");
            string[] command =
                [$"{root}/usr/lib/{libraries}/{loader}", "--library-path", $"{root}/usr/lib/{libraries}", $"{root}/usr/bin/crun"];
            if (Script.TryRun(command[0], [.. command[1..], "--version"], out _))
            {
                return command;
            }
        }

        return File.Exists("/usr/bin/crun") ? ["/usr/bin/crun"] : [];
    }

    string DescribeCrun(string[] command) =>
        Version(command) + (command.Length > 1 ? ", Debian sid's, through its loader" : "") + (_view is null ? "" : ", not shown the v2 hierarchy");

    static string Version(params string[] command) => Script.Run(command[0], [.. command[1..], "--version"]).Split('\n')[0];
}
