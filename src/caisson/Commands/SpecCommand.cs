using Caisson.Containers;
using Caisson.Containers.Cgroups;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>spec</c></summary>
static class SpecCommand
{
    public static Command Command { get; } = new(
        "spec", "", "write a config.json to start from",
        [
            new("bundle", 'b', "DIR", "where (default: here)"),
            new("rootless", '\0', null, "for a container that you start without root's rights"),
        ],
        Run);

    static int Run(Invocation invocation)
    {
        using Fd directory = OpenAt2.Open(invocation.PathValue("bundle") ?? ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        const OpenFlags create = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
        Errno errno = OpenAt2.TryOpen(directory, "config.json", create, ResolveFlags.None, 0x1B4 /* 0664 */, out Fd? file);
        if (errno == Errno.EEXIST)
        {
            throw new UserError("config.json exists already", "remove it first, or choose another directory with --bundle");
        }

        using Fd opened = errno == Errno.None ? file! : throw new KernelException(errno, "open", "config.json");
        errno = FileText.WriteAll(opened, OciJson.Write(Create(invocation.Line.Has("rootless"))));
        return errno == Errno.None ? 0 : throw new KernelException(errno, "write", "config.json");
    }

    static Spec Create(bool rootless)
    {
        Spec spec = DefaultSpec.Create(CgroupLayout.Detect().Mode == CgroupMode.Unified);
        return rootless ? DefaultSpec.ToRootless(spec, Credentials.EffectiveUid, Credentials.EffectiveGid) : spec;
    }
}
