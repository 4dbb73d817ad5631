using Caisson.Kernel;
using Caisson.Kernel.Devices;

namespace Caisson.Containers.Cgroups;

/// <summary>Device access on version 2: a BPF program that the kernel asks at each mknod and open of a device.</summary>
public static class DeviceFilter
{
    const int BPF_DEVCG_DEV_BLOCK = 1;
    const int BPF_DEVCG_DEV_CHAR = 2;

    // struct bpf_cgroup_dev_ctx: access_type (type below, access above), major, minor.
    const int Type = 2;
    const int Access = 3;
    const int Major = 4;
    const int Minor = 5;
    const int Scratch = 0;

    /// <summary>One block of comparisons for each exception, then the default. Pure.</summary>
    public static BpfProgram Plan(DeviceAccess access)
    {
        BpfProgram program = new();
        program.Load(Access, 0);
        program.Copy(Type, Access);
        program.And(Type, 0xffff);
        program.ShiftRight(Access, 16);
        program.Load(Major, 4);
        program.Load(Minor, 8);
        foreach ((DeviceMatch match, DeviceRights rights) in access.Exceptions)
        {
            program.SkipUnlessEqual(Type, match.Type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
            AddRights(program, rights, access.AllowsByDefault);
            if (match.Major != DeviceMatch.Any)
            {
                program.SkipUnlessEqual(Major, (int)match.Major);
            }

            if (match.Minor != DeviceMatch.Any)
            {
                program.SkipUnlessEqual(Minor, (int)match.Minor);
            }

            program.Return(access.AllowsByDefault ? 0 : 1);
            program.Label();
        }

        program.Return(access.AllowsByDefault ? 1 : 0);
        return program;
    }

    /// <summary>
    /// Makes this the only filter of the cgroup. At no moment is there none: the new one takes the old one's place
    /// atomically, or stands beside the old ones (all must allow) until those are detached.
    /// </summary>
    public static Errno TryInstall(Fd cgroup, DeviceAccess access)
    {
        Errno errno = Bpf.TryQuery(cgroup, out uint[] ids);
        if (errno != Errno.None || (access.AllowsEverything && ids.Length == 0))
        {
            return errno;
        }

        errno = Bpf.TryLoadDeviceFilter(Plan(access), out Fd? program);
        if (errno != Errno.None)
        {
            return errno;
        }

        using (program)
        {
            List<Fd> old = OpenAll(ids);
            try
            {
                return Replace(cgroup, program!, old);
            }
            finally
            {
                old.ForEach(static one => one.Dispose());
            }
        }
    }

    static Errno Replace(Fd cgroup, Fd program, List<Fd> old)
    {
        if (old is [Fd only])
        {
            Errno replaced = Bpf.TryAttach(cgroup, program, only);
            // FALLBACK: before Linux 5.6 BPF_F_REPLACE is EINVAL; ENOENT: somebody detached it meanwhile.
            if (replaced is not (Errno.EINVAL or Errno.ENOENT))
            {
                return replaced;
            }
        }

        Errno errno = Bpf.TryAttach(cgroup, program, null);
        foreach (Fd one in old)
        {
            if (errno is Errno.None or Errno.ENOENT)
            {
                errno = Bpf.TryDetach(cgroup, one);
            }
        }

        return errno == Errno.ENOENT ? Errno.None : errno;
    }

    // A filter that we may not open (a security module's or another namespace's) stays: it can only deny more.
    static List<Fd> OpenAll(uint[] ids)
    {
        List<Fd> programs = [];
        foreach (uint id in ids)
        {
            if (Bpf.TryOpenById(id, out Fd? program) == Errno.None)
            {
                programs.Add(program!);
            }
        }

        return programs;
    }

    // The kernel's own rule of version 1: to be allowed, one exception must cover all that is asked for; to be denied, one
    // common right is enough.
    static void AddRights(BpfProgram program, DeviceRights rights, bool denies)
    {
        if (rights == DeviceRights.All)
        {
            return;
        }

        program.Copy(Scratch, Access);
        if (denies)
        {
            program.And(Scratch, (int)rights);
            program.SkipIfEqual(Scratch, 0);
        }
        else
        {
            program.And(Scratch, (int)(DeviceRights.All & ~rights));
            program.SkipUnlessEqual(Scratch, 0);
        }
    }
}
