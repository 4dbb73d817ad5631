using System.Text.Json.Nodes;

namespace Caisson.Benchmarks;

/// <summary>Two containers with the same limits, one of Caisson's and one of runc's with lxcfs's files; disposing deletes them.</summary>
sealed class ViewContainers : IDisposable
{
    /// <summary>An empty directory inside.</summary>
    public const string MountPoint = "/mnt";

    // What there is to emulate.
    static readonly JsonNode Limits = JsonNode.Parse("""{"memory": {"limit": 268435456}, "cpu": {"quota": 150000, "period": 100000}}""")!;

    readonly Lxcfs? _lxcfs;
    readonly SleepingContainer? _system;
    readonly SleepingContainer? _beside;

    public ViewContainers(Options options, Workspace workspace, Contender system, Report report)
    {
        try
        {
            _system = new SleepingContainer(system, workspace, MakeBundle(options, workspace, "view"), "view");
            Inside = Probe.In(_system);
            CheckLimit(_system);
            _lxcfs = StartLxcfs(options, workspace, report);
            if (_lxcfs is not null)
            {
                _beside = new SleepingContainer(_lxcfs.Contender, workspace, MakeBundle(options, workspace, "lxcfs-view", _lxcfs.AddTo), "view");
                CheckLimit(_beside);
                BesideIt = [Probe.In(_beside)];
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>In Caisson's.</summary>
    public Probe Inside { get; }

    /// <summary>In runc's; none where lxcfs cannot be had.</summary>
    public Probe[] BesideIt { get; } = [];

    public void Dispose()
    {
        _system?.Dispose();
        _beside?.Dispose();
        _lxcfs?.Dispose();
    }

    /// <summary>A bundle that sleeps, with limits and the probe.</summary>
    public static string MakeBundle(Options options, Workspace workspace, string name, Action<JsonNode>? change = null)
    {
        string bundle = workspace.MakeBundle(name, options.Runc, ["/bin/sleep", "1000000"], config =>
        {
            foreach ((string limit, JsonNode? value) in Limits.AsObject())
            {
                config["linux"]!["resources"]![limit] = value!.DeepClone();
            }

            change?.Invoke(config);
        });
        Directory.CreateDirectory(bundle + "/rootfs" + MountPoint);
        File.Copy(Probe.Program, bundle + "/rootfs" + Probe.Inside, overwrite: true);
        return bundle;
    }

    // A file that is not what it should be would be measured all the same.
    static void CheckLimit(SleepingContainer container)
    {
        string meminfo = container.Runtime.Output("exec", container.Id, "/bin/cat", "/proc/meminfo");
        if (!meminfo.StartsWith("MemTotal:         262144 kB", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"/proc/meminfo in {container.Id} does not tell of its limit: {meminfo.Split('\n')[0]}");
        }
    }

    static Lxcfs? StartLxcfs(Options options, Workspace workspace, Report report)
    {
        try
        {
            Lxcfs lxcfs = new(options, workspace);
            report.Note($"{Runtimes.Lxcfs}: {lxcfs.Contender.Description}");
            return lxcfs;
        }
        catch (InvalidOperationException failure)
        {
            report.Skip(Runtimes.Lxcfs, failure.Message);
            return null;
        }
    }
}
