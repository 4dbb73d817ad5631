using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Oci;

namespace Caisson.Containers.Rootfs;

/// <summary>Makes each kind of new file system as a detached mount that belongs to the initial user namespace.</summary>
static class FileSystemFactory
{
    const uint TtyGroup = 5;

    /// <summary>Any type, from its options; ids among them are the container's and are translated.</summary>
    /// <param name="step">What to make.</param>
    /// <param name="uids">The container's.</param>
    /// <param name="gids">The container's.</param>
    /// <param name="mode">Of the root directory, in octal; null for what the options say.</param>
    public static Fd CreateNew(MountStep step, IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids, string? mode)
    {
        using FsContext context = FsContext.Open(step.Type);
        context.SetString("source", step.Source);
        bool owned = step.Type == "tmpfs" && uids.Count > 0;
        if (mode is not null)
        {
            context.SetString("mode", mode);
        }

        foreach ((string key, string? value) in step.Options.Data)
        {
            Set(context, key, value, uids, gids);
        }

        if (owned && !step.Options.Data.Any(data => data.Key == "uid"))
        {
            context.SetString("uid", Host(uids, 0, "uid").ToString());
        }

        if (owned && !step.Options.Data.Any(data => data.Key == "gid"))
        {
            context.SetString("gid", Host(gids, 0, "gid").ToString());
        }

        return context.CreateMount(MountAttributes.None);
    }

    /// <summary>The same for options that fsconfig(2) does not take.</summary>
    public static Fd CreateByName(MountStep step, IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids)
    {
        using Fd place = Staging.OpenPlace();
        Staging.Enter(place);
        using Fd mount = Staging.Mount(
            step.Type, step.Source, "new",
            string.Join(',', step.Options.Data.Select(data =>
                data.Value is null ? data.Key : $"{data.Key}={Translate(data.Key, data.Value, uids, gids)}")));
        return MountTree.Clone(mount, recursive: false, step.Destination);
    }

    public static Fd CreateDevpts(MountStep step, IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids)
    {
        using FsContext context = FsContext.Open("devpts");
        context.SetString("source", step.Source);
        foreach ((string key, string? value) in step.Options.Data)
        {
            // Docker asks for the tty group even of images and id maps that have none.
            if (key != "gid" || gids.Count == 0 || gids.ToHost(TtyGroup) is not null)
            {
                Set(context, key, value, uids, gids);
            }
        }

        Fd mount = context.CreateMount(MountAttributes.None);
        if (uids.Count > 0)
        {
            uint uid = Host(uids, 0, "uid");
            uint gid = Host(gids, 0, "gid");
            Nodes.ChangeOwner(mount, uid, gid);
            Nodes.ChangeOwner(mount, "ptmx", uid, gid);
        }

        return mount;
    }

    /// <summary>procfs of a pid namespace, whole: made where no mask of the host's own /proc can matter.</summary>
    public static Fd CreateProc(MountStep step, Fd pidNamespace) =>
        ProcMount.TryCreate(pidNamespace, step.Options.Data, MountAttributes.None)
            ?? ProcMount.CreateInside(pidNamespace, step.Options.Data, MountAttributes.None);

    public static Fd CreateSysfs() => CreatePlain("sysfs");

    public static Fd CreateMqueue() => CreatePlain("mqueue");

    static Fd CreatePlain(string type)
    {
        using FsContext context = FsContext.Open(type);
        context.SetString("source", type);
        return context.CreateMount(MountAttributes.None);
    }

    static void Set(
        FsContext context, string key, string? value, IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids)
    {
        if (value is null)
        {
            context.SetFlag(key);
            return;
        }

        context.SetString(key, Translate(key, value, uids, gids));
    }

    static string Translate(string key, string value, IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids) => key switch
    {
        "uid" when uids.Count > 0 && uint.TryParse(value, out uint uid) => Host(uids, uid, key).ToString(),
        "gid" when gids.Count > 0 && uint.TryParse(value, out uint gid) => Host(gids, gid, key).ToString(),
        _ => value,
    };

    static uint Host(IReadOnlyList<LinuxIdMapping> mappings, uint id, string kind) => mappings.ToHost(id) ?? throw new UserError(
        $"{kind} {id} is not mapped into the container", "use an id below the size of the container's range, or a larger range");
}
