using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Checkpoint;

/// <summary>
/// Requests to CRIU as its rpc.proto has them: pure, and option by option what runc asks for. Descriptors are numbers of ours
/// (CRIU opens them by /proc of the process that made the socket), but for those that it inherits.
/// </summary>
static class CriuOptions
{
    public const string DumpLog = "dump.log";

    public const string RestoreLog = "restore.log";

    const string ConfigurationAnnotation = "org.criu.config";
    const string DefaultConfiguration = "/etc/criu/runc.conf";
    const int LogEverything = 4;

    /// <summary>A request with options.</summary>
    public static byte[] Request(CriuTask task, ProtoWriter options)
    {
        ProtoWriter request = Begin(task);
        request.Message(2, options);
        return request.ToBytes();
    }

    /// <summary>A question after which CRIU waits for more.</summary>
    public static byte[] Question(CriuTask task)
    {
        ProtoWriter request = Begin(task);
        request.Flag(4, true);
        if (task == CriuTask.FeatureCheck)
        {
            ProtoWriter features = new();
            features.Flag(1, true);
            features.Flag(2, true);
            request.Message(5, features);
        }

        return request.ToBytes();
    }

    /// <summary>The word that CRIU waits for at a step.</summary>
    public static byte[] Acknowledge(bool success)
    {
        ProtoWriter request = Begin(CriuTask.Notify);
        request.Flag(3, success);
        return request.ToBytes();
    }

    /// <summary>What is the same for a dump and a restore.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="images">Descriptor of the image's directory.</param>
    /// <param name="work">Of the log's, or null.</param>
    /// <param name="log">The log's name.</param>
    /// <param name="annotations">The container's.</param>
    public static ProtoWriter Common(
        CheckpointRequest request, int images, int? work, string log, IReadOnlyDictionary<string, string>? annotations)
    {
        ProtoWriter options = new();
        options.Number(1, images);
        options.Flag(4, request.ExternalUnixSockets);
        options.Flag(5, request.TcpEstablished);
        options.Flag(7, request.ShellJob);
        options.Flag(8, request.FileLocks);
        options.Number(9, LogEverything);
        options.Text(10, log);
        // Each step that an engine or a hook has a part in is told.
        options.Flag(12, true);
        options.Flag(16, request.AutoDedup);
        if (work is { } directory)
        {
            options.Number(17, directory);
        }

        options.Flag(24, true);
        options.Number(34, (int)request.Cgroups);
        // The interfaces of a network namespace are the engine's to make.
        options.Number(38, (uint)NamespaceKind.CLONE_NEWNET);
        options.Flag(48, request.LazyPages);
        options.Flag(50, true);
        // Empty: no file at all.
        string configuration = annotations?.GetValueOrDefault(ConfigurationAnnotation) ?? DefaultConfiguration;
        options.Text(51, configuration.Length > 0 ? configuration : null);
        return options;
    }

    /// <param name="options">Of <see cref="Common"/>.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="pid">The container's first process.</param>
    /// <param name="rootfs">Its root file system.</param>
    /// <param name="freezer">The cgroup that stops it, or null.</param>
    public static void AddDump(ProtoWriter options, CheckpointRequest request, int pid, string rootfs, string? freezer)
    {
        options.Number(2, pid);
        options.Flag(3, request.LeaveRunning);
        options.Text(13, rootfs);
        options.Flag(18, request.LinkRemap);
        options.Flag(46, request.TcpSkipInFlight);
        options.Text(44, freezer);
        options.Text(14, request.ParentPath);
        if (request.ParentPath is not null)
        {
            options.Flag(15, true);
        }

        if (request.PageServer is { } server)
        {
            ProtoWriter address = new();
            address.Text(1, server.Address);
            address.Number(2, server.Port);
            options.Message(11, address);
        }
    }

    /// <param name="options">Of <see cref="Common"/>.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="root">A mount point with the root file system.</param>
    public static void AddRestore(ProtoWriter options, CheckpointRequest request, string root)
    {
        options.Flag(6, true);
        options.Text(13, root);
        // The first process becomes a child of ours.
        options.Flag(26, true);
        options.Text(53, request.LsmProfile);
        options.Text(63, request.LsmMountContext);
    }

    /// <summary>A mount whose content comes from outside: on a dump its place and name, on a restore its name and source.</summary>
    public static void AddMount(ProtoWriter options, string key, string value) => AddPair(options, 23, key, value);

    /// <summary>A cgroup that the container's processes are restored in, by hierarchy.</summary>
    public static void AddCgroup(ProtoWriter options, string controller, string path) => AddPair(options, 25, controller, path);

    /// <summary>A namespace that the restored processes join by its path.</summary>
    public static void AddNamespace(ProtoWriter options, string name, string path) => AddPair(options, 39, name, path);

    /// <summary>Something of the outside that the dump names; see criu(8), --external.</summary>
    public static void AddExternal(ProtoWriter options, string name) => options.Text(37, name);

    /// <summary>A descriptor of CRIU's own that takes the place of what the dump names.</summary>
    public static void AddInherited(ProtoWriter options, string name, int number)
    {
        ProtoWriter inherited = new();
        inherited.Text(1, name);
        inherited.Number(2, number);
        options.Message(27, inherited);
    }

    static ProtoWriter Begin(CriuTask task)
    {
        ProtoWriter request = new();
        request.Number(1, (int)task);
        return request;
    }

    static void AddPair(ProtoWriter options, int field, string first, string second)
    {
        ProtoWriter pair = new();
        pair.Text(1, first);
        pair.Text(2, second);
        options.Message(field, pair);
    }
}
