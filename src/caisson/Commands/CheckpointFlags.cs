using System.Globalization;
using Caisson.Containers;
using Caisson.Containers.Checkpoint;
using Caisson.Kernel.Namespaces;

namespace Caisson.Cli.Commands;

/// <summary>Options that <c>checkpoint</c> and <c>restore</c> share, and what they mean.</summary>
static class CheckpointFlags
{
    public static readonly Option[] Shared =
    [
        new("image-path", '\0', "DIR", "directory of the image (default: checkpoint)"),
        new("work-path", '\0', "DIR", "directory of CRIU's log and work files (default: the image's)"),
        new("tcp-established", '\0', null, "take open TCP connections along"),
        new("ext-unix-sk", '\0', null, "allow Unix sockets that lead out of the container"),
        new("shell-job", '\0', null, "allow processes of a terminal's session outside"),
        new("file-locks", '\0', null, "take file locks along"),
        new("manage-cgroups-mode", '\0', "MODE", "what CRIU does with cgroups: soft (default), full, strict or ignore"),
        new("empty-ns", '\0', "NAMESPACE", "network: made, but not filled, as it is anyhow; may be repeated"),
        new("auto-dedup", '\0', null, "keep each page of memory once among parent images"),
        new("lazy-pages", '\0', null, "fill memory when it is touched (userfaultfd)"),
    ];

    public static CheckpointRequest Read(Invocation invocation)
    {
        RequireMachinesRoot(invocation);
        CommandLine line = invocation.Line;
        if (line.Values("empty-ns").FirstOrDefault(name => name != "network") is { } other)
        {
            throw new UserError($"--empty-ns: namespace \"{other}\" is not supported", "network is the only one");
        }

        return new CheckpointRequest
        {
            ImagePath = invocation.PathValue("image-path") ?? Path.GetFullPath("checkpoint"),
            WorkPath = invocation.PathValue("work-path"),
            ParentPath = line.Value("parent-path") is { Length: > 0 } parent ? parent : null,
            PreDump = line.Has("pre-dump"),
            LeaveRunning = line.Has("leave-running"),
            TcpEstablished = line.Has("tcp-established"),
            TcpSkipInFlight = line.Has("tcp-skip-in-flight"),
            LinkRemap = line.Has("link-remap"),
            ExternalUnixSockets = line.Has("ext-unix-sk"),
            ShellJob = line.Has("shell-job"),
            FileLocks = line.Has("file-locks"),
            AutoDedup = line.Has("auto-dedup"),
            LazyPages = line.Has("lazy-pages"),
            StatusFd = line.Number("status-fd", -1),
            PageServer = line.Value("page-server") is { Length: > 0 } server ? ParseServer(server) : null,
            Cgroups = ParseCgroups(line.Value("manage-cgroups-mode") ?? ""),
            LsmProfile = line.Value("lsm-profile"),
            LsmMountContext = line.Value("lsm-mount-context"),
        };
    }

    static void RequireMachinesRoot(Invocation invocation)
    {
        if (invocation.IsRootless || !OwnUserNamespace.IsInitial)
        {
            throw new UserError(
                "checkpoint and restore need the machine's root: CRIU looks into processes and makes them with ids, which a user namespace's root may not",
                "run as root, outside of any user namespace");
        }
    }

    static CriuCgroups ParseCgroups(string mode) => mode switch
    {
        "" => CriuCgroups.Default,
        "soft" => CriuCgroups.Soft,
        "full" => CriuCgroups.Full,
        "strict" => CriuCgroups.Strict,
        "ignore" => CriuCgroups.Ignore,
        _ => throw new UsageException($"--manage-cgroups-mode is soft, full, strict or ignore, not \"{mode}\""),
    };

    // [ADDRESS]:PORT for one of IPv6.
    static (string Address, int Port) ParseServer(string text)
    {
        int colon = text.LastIndexOf(':');
        string address = colon < 0 ? "" : text[..colon].TrimStart('[').TrimEnd(']');
        return address.Length > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? (address, port)
            : throw new UsageException($"--page-server is ADDRESS:PORT, not \"{text}\"");
    }
}
