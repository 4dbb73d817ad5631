using System.Buffers.Binary;
using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Seccomp;
using Caisson.Kernel.Spawning;
using Caisson.Oci;

namespace Caisson.Containers.Init;

/// <summary>
/// From the spec to the <see cref="InitProgram"/> of a container's process: the ordered story of what happens between the
/// clone and the user's program. Each place in the order has its reason beside it.
/// </summary>
public static partial class InitPlanner
{
    const int PR_SET_DUMPABLE = 4;
    const int PR_SET_KEEPCAPS = 8;
    const int PR_CAPBSET_DROP = 24;
    const int PR_SET_NO_NEW_PRIVS = 38;
    const int PR_CAP_AMBIENT = 47;
    const int PR_CAP_AMBIENT_RAISE = 2;
    const int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    const int KEYCTL_JOIN_SESSION_KEYRING = 1;
    const int SECCOMP_SET_MODE_FILTER = 1;
    const int AT_FDCWD = -100;
    const int AT_EACCESS = 0x200;
    const int X_OK = 1;
    const ulong CLONE_PARENT = 0x8000;

    /// <summary>What a process writes to whoever starts it once its profile's listener can be taken; no errno begins so.</summary>
    public const byte SeccompListenerReady = 0xff;

    public static InitPlan PlanCreate(ProcessSpec process, InitSettings settings)
    {
        InitProgram program = new();
        int secondClone = PlanBirth(program, settings);
        program.WaitFor("the id maps", settings.ChildSocket);
        PlanNamespaces(program, settings);
        program.Tell("the namespaces are made", settings.ChildSocket);
        program.WaitFor("the root file system", settings.ChildSocket);
        if (settings.CopiesMountNamespace)
        {
            // Everything mounted so far is copied from a more privileged namespace and thereby locked: the container's root can
            // neither unmount nor loosen it (mount_namespaces(7)).
            program.Add("copy the mount namespace", "unshare", SyscallNumbers.unshare, Flag(NamespaceKind.CLONE_NEWNS));
            program.Tell("the mount namespace is copied", settings.ChildSocket);
        }

        program.WaitFor("the mounts", settings.ChildSocket);
        PlanNullStreams(program, settings);
        PlanNames(program, settings);
        (int listener, int agent) = PlanProcess(program, process, settings);
        return new InitPlan(program, secondClone, listener, agent);
    }

    /// <summary>A process that enters a container that runs.</summary>
    public static InitPlan PlanExec(ProcessSpec process, InitSettings settings)
    {
        InitProgram program = new();
        PlanBirth(program, settings);
        program.WaitFor("the limits", settings.ChildSocket);
        PlanIdentityInUserNamespace(program, settings);
        (int listener, int agent) = PlanProcess(program, process, settings);
        return new InitPlan(program, -1, listener, agent);
    }

    static int PlanBirth(InitProgram program, InitSettings settings)
    {
        // The child's own copy of our end would keep it from seeing us die.
        program.Add("close the parent's socket", "close", SyscallNumbers.close, settings.ParentSocket);
        // Until execve nobody in a namespace we share may trace this process, whose memory and descriptors are the host's
        // (CVE-2016-9962).
        program.Add("hide from tracing", "prctl", SyscallNumbers.prctl, InitArgument.Named(PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), 0);
        PlanCgroups(program, settings);
        foreach ((int fd, NamespaceKind kind) in settings.Joined)
        {
            program.Add(
                $"join the namespaces: {Namespaces.NamespacePlan.TypesOf(kind)}", "setns", SyscallNumbers.setns, fd, Flag(kind));
        }

        return settings.SecondClone is { } flags ? PlanSecondClone(program, flags) : -1;
    }

    // What was joined for children only (pid, time) takes effect in a child; CLONE_PARENT makes it the command's own.
    static int PlanSecondClone(InitProgram program, ulong flags)
    {
        byte[] arguments = new byte[88];
        // exit_signal must be 0 with CLONE_PARENT: the sibling's is taken.
        BinaryPrimitives.WriteUInt64LittleEndian(arguments, flags | CLONE_PARENT);
        return program.AddWith(
            "clone in the joined namespaces", "clone3", SyscallNumbers.clone3, InitRule.ExitIfPositive,
            InitArgument.Bytes(arguments, $"flags 0x{flags:x}"), arguments.Length);
    }

    static void PlanNamespaces(InitProgram program, InitSettings settings)
    {
        PlanIdentityInUserNamespace(program, settings);
        if (settings.Unshared != NamespaceKind.None)
        {
            // After the ids, so that objects made with them (the message queue's root) belong to the container's root; after
            // the cgroup, which becomes the root of the cgroup namespace.
            program.Add("make the namespaces", "unshare", SyscallNumbers.unshare, Flag(settings.Unshared));
        }

        if (settings.Unshared.HasFlag(NamespaceKind.CLONE_NEWNET))
        {
            PlanLoopback(program);
        }
    }

    // Down in a new network namespace; with nothing else an engine may never look at it.
    internal static void PlanLoopback(InitProgram program)
    {
        const string purpose = "bring the loopback interface up";
        // struct ifreq: the name, then the flags, of which IFF_UP is set.
        byte[] request = new byte[40];
        "lo"u8.CopyTo(request);
        request[16] = 1;
        int socket = program.Add(
            purpose, "socket", SyscallNumbers.socket, InitArgument.Named(2, "AF_INET"), InitArgument.Named(0x80002, "SOCK_DGRAM|SOCK_CLOEXEC"), 0);
        program.Add(
            purpose, "ioctl", SyscallNumbers.ioctl, InitArgument.Result(socket, "socket"), InitArgument.Named(0x8914, "SIOCSIFFLAGS"),
            InitArgument.Bytes(request, "lo up"));
    }

    static void PlanCgroups(InitProgram program, InitSettings settings)
    {
        foreach (int tasks in settings.CgroupTasks)
        {
            program.Add("enter the cgroup", "write", SyscallNumbers.write, tasks, "0", 1);
        }
    }

    static void PlanIdentityInUserNamespace(InitProgram program, InitSettings settings)
    {
        if (settings.HasUserNamespace)
        {
            program.Add("become root in the user namespace", "setresgid", SyscallNumbers.setresgid, 0, 0, 0);
            program.AddWith("become root in the user namespace", "setgroups", SyscallNumbers.setgroups, InitRule.Ignore, 0, 0);
            program.Add("become root in the user namespace", "setresuid", SyscallNumbers.setresuid, 0, 0, 0);
        }
    }

    static void PlanNames(InitProgram program, InitSettings settings)
    {
        if (settings.Hostname is { } host)
        {
            program.Add(
                $"set hostname \"{host}\"", "sethostname", SyscallNumbers.sethostname, host, Encoding.UTF8.GetByteCount(host));
        }

        if (settings.Domainname is { } domain)
        {
            program.Add(
                $"set domainname \"{domain}\"", "setdomainname", SyscallNumbers.setdomainname, domain,
                Encoding.UTF8.GetByteCount(domain));
        }
    }

    // The steps whose results are the seccomp listeners, the monitor's and the profile's.
    static (int Listener, int Agent) PlanProcess(InitProgram program, ProcessSpec process, InitSettings settings)
    {
        PlanSession(program, settings);
        PlanExecutionDomain(program, settings);
        program.Add($"change to /process/cwd \"{process.Cwd}\"", "chdir", SyscallNumbers.chdir, process.Cwd);
        string[] args = process.Args ?? [];
        IReadOnlyList<string> candidates = Executable.Candidates(args[0], process.Env);
        PlanCheck(program, args[0], candidates);
        if (process.ApparmorProfile is { } profile)
        {
            PlanAppArmor(program, profile, settings);
        }

        // What the caller left open, and all of ours: a container that waits to be started holds nothing of the host's, and no
        // profile that forbids close_range has a say. Those that stay are close-on-exec from birth.
        program.CloseFrom(3 + settings.PreservedFds, settings.ChildSocket, settings.StartListener, settings.CgroupLeaf);
        int listener = PlanView(program, settings.ViewFilter);
        program.Tell("all is ready", settings.ChildSocket);
        InitArgument starter = settings.ChildSocket;
        if (settings.StartListener >= 0)
        {
            starter = InitArgument.Result(PlanStart(program, settings), "connection");
        }
        else if (listener >= 0)
        {
            // The descriptor is close-on-exec: it must be taken out of here before that.
            program.WaitFor("the monitor", settings.ChildSocket);
        }

        // Without no_new_privs loading a filter takes CAP_SYS_ADMIN, so it goes before the capabilities; with it, it goes last
        // and need not allow what comes between.
        int agent = -1;
        if (!process.NoNewPrivileges)
        {
            agent = PlanSeccomp(program, settings.Seccomp, starter);
        }

        PlanIdentity(program, process, settings.DeniesGroups);
        if (process.NoNewPrivileges)
        {
            program.Add(
                "set no_new_privs", "prctl", SyscallNumbers.prctl, InitArgument.Named(PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS"),
                1, 0, 0, 0);
            agent = PlanSeccomp(program, settings.Seccomp, starter);
        }

        PlanExecute(program, process, candidates, settings);
        return (listener, agent);
    }

    static void PlanSession(InitProgram program, InitSettings settings)
    {
        if (settings.Keyring is { } keyring)
        {
            // Keys of the caller's session must not be reachable; where keyrings are missing or full there is nothing to hide.
            program.AddWith(
                "join a new session keyring", "keyctl", SyscallNumbers.keyctl, InitRule.Ignore,
                InitArgument.Named(KEYCTL_JOIN_SESSION_KEYRING, "KEYCTL_JOIN_SESSION_KEYRING"), keyring);
        }

        program.AddWith("make the session", "setsid", SyscallNumbers.setsid, InitRule.Ignore);
        if (settings.ConsoleSlave >= 0)
        {
            program.Add(
                "make the terminal the controlling one", "ioctl", SyscallNumbers.ioctl, settings.ConsoleSlave,
                InitArgument.Named((nint)Terminal.TIOCSCTTY, "TIOCSCTTY"), 0);
            for (int standard = 0; standard < 3; standard++)
            {
                program.Add("use the terminal", "dup3", SyscallNumbers.dup3, settings.ConsoleSlave, standard, 0);
            }
        }
    }

    // Said at create, as runc does, while there is somebody to tell; execve says the rest.
    static void PlanCheck(InitProgram program, string name, IReadOnlyList<string> candidates)
    {
        string purpose = name.Contains('/') ? $"exec \"{name}\"" : $"exec \"{name}\": executable file not found in $PATH";
        for (int i = 0; i < candidates.Count; i++)
        {
            InitRule more = i + 1 < candidates.Count ? InitRule.TryNext : InitRule.Fail;
            program.AddWith(
                purpose, "faccessat2", SyscallNumbers.faccessat2, InitRule.SkipCandidates | more, AT_FDCWD, candidates[i],
                InitArgument.Named(X_OK, "X_OK"), InitArgument.Named(AT_EACCESS, "AT_EACCESS"));
        }
    }

    static void PlanAppArmor(InitProgram program, string profile, InitSettings settings)
    {
        if (!settings.HasAppArmor)
        {
            // Without AppArmor every process is that already.
            if (profile != "unconfined")
            {
                throw new UserError(
                    $"/process/apparmorProfile: \"{profile}\" cannot be applied, as AppArmor is not enabled in this kernel",
                    "remove the profile, or boot with apparmor=1 security=apparmor");
            }

            return;
        }

        string text = $"exec {profile}";
        int file = program.Add(
            "open the AppArmor attribute", "openat", SyscallNumbers.openat, AT_FDCWD, "/proc/thread-self/attr/apparmor/exec",
            InitArgument.Named(0x80001, "O_WRONLY|O_CLOEXEC"));
        program.Add(
            $"apply AppArmor profile \"{profile}\"", "write", SyscallNumbers.write, InitArgument.Result(file, "file"), text,
            Encoding.UTF8.GetByteCount(text));
    }

    static int PlanStart(InitProgram program, InitSettings settings)
    {
        int connection = program.Add(
            "wait for start", "accept4", SyscallNumbers.accept4, settings.StartListener, 0, 0, InitArgument.Named(0x80000, "SOCK_CLOEXEC"));
        // The connection closes by itself at execve: that is how `start` knows that the program runs.
        program.ReportFailuresTo(connection);
        if (settings.CgroupLeaf >= 0)
        {
            // Not before: containerd takes the cgroup of a created process for the container's, and counts what is used there.
            program.Add("enter the leaf cgroup", "write", SyscallNumbers.write, settings.CgroupLeaf, "0", 1);
        }

        return connection;
    }

    // While CAP_SYS_ADMIN is here, which loading takes without no_new_privs. One listener is all that a process may have: where
    // somebody outside has one already (EBUSY), that one sees our mounts, too.
    static int PlanView(InitProgram program, SeccompFilter? filter) => filter is null ? -1 : program.AddWith(
        "load the filter of the view", "seccomp", SyscallNumbers.seccomp, InitRule.Ignore,
        InitArgument.Named(SECCOMP_SET_MODE_FILTER, "SECCOMP_SET_MODE_FILTER"), (uint)filter.Flags,
        InitArgument.Filter(filter.Instructions));

    // Returns the step, where its result is a listener.
    static int PlanSeccomp(InitProgram program, SeccompFilter? filter, InitArgument starter)
    {
        if (filter is null)
        {
            return -1;
        }

        int step = program.Add(
            "load the seccomp filter", "seccomp", SyscallNumbers.seccomp,
            InitArgument.Named(SECCOMP_SET_MODE_FILTER, "SECCOMP_SET_MODE_FILTER"), (uint)filter.Flags,
            InitArgument.Filter(filter.Instructions));
        if (!filter.HasListener)
        {
            return -1;
        }

        // Taken out of here before execve closes it. From now on the agent may be asked about every call of ours but this
        // write, which no profile may hand over.
        program.Tell("there is a seccomp listener", starter, SeccompListenerReady);
        program.WaitFor("the seccomp agent", starter);
        return step;
    }

    static void PlanIdentity(InitProgram program, ProcessSpec process, bool deniesGroups)
    {
        LinuxCapabilities capabilities = process.Capabilities ?? new LinuxCapabilities();
        ulong bounding = Capabilities.Mask(capabilities.Bounding);
        for (int capability = 0; capability < 64; capability++)
        {
            if ((bounding & (1UL << capability)) == 0)
            {
                // Beyond what we know by name a kernel may have more, or not: EINVAL.
                InitRule rule = capability < Capabilities.All.Count ? InitRule.Fail : InitRule.Ignore;
                program.AddWith(
                    "drop from the bounding set", "prctl", SyscallNumbers.prctl, rule,
                    InitArgument.Named(PR_CAPBSET_DROP, "PR_CAPBSET_DROP"), capability);
            }
        }

        // Else leaving uid 0 would clear the permitted set before the wanted one is in place.
        program.Add(
            "keep capabilities", "prctl", SyscallNumbers.prctl, InitArgument.Named(PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS"), 1);
        User user = process.User ?? new User();
        uint[] groups = user.AdditionalGids ?? [];
        byte[] list = new byte[groups.Length * sizeof(uint)];
        Buffer.BlockCopy(groups, 0, list, 0, list.Length);
        // Where the user namespace has no more groups than its maker, those stay.
        program.AddWith(
            "set /process/user/additionalGids", "setgroups", SyscallNumbers.setgroups, deniesGroups && groups.Length == 0 ? InitRule.Ignore : InitRule.Fail, groups.Length,
            InitArgument.Bytes(list, string.Join(' ', groups)));
        program.Add("set /process/user/gid", "setresgid", SyscallNumbers.setresgid, user.Gid, user.Gid, user.Gid);
        program.Add("set /process/user/uid", "setresuid", SyscallNumbers.setresuid, user.Uid, user.Uid, user.Uid);
        program.Add(
            "stop keeping capabilities", "prctl", SyscallNumbers.prctl, InitArgument.Named(PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS"), 0);
        program.Add("set /process/user/umask", "umask", SyscallNumbers.umask, user.Umask ?? 0x12 /* 0022 */);
        PlanCapabilities(program, capabilities);
    }

    internal static void PlanCapabilities(InitProgram program, LinuxCapabilities capabilities)
    {
        ulong effective = Capabilities.Mask(capabilities.Effective);
        ulong permitted = Capabilities.Mask(capabilities.Permitted);
        ulong inheritable = Capabilities.Mask(capabilities.Inheritable);
        byte[] header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x20080522);
        byte[] data = new byte[24];
        for (int half = 0; half < 2; half++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(half * 12), (uint)(effective >> (32 * half)));
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan((half * 12) + 4), (uint)(permitted >> (32 * half)));
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan((half * 12) + 8), (uint)(inheritable >> (32 * half)));
        }

        program.Add(
            "set /process/capabilities", "capset", SyscallNumbers.capset, InitArgument.Bytes(header, "v3"),
            InitArgument.Bytes(data, $"e={effective:x} p={permitted:x} i={inheritable:x}"));
        program.AddWith(
            "clear the ambient set", "prctl", SyscallNumbers.prctl, InitRule.Ignore,
            InitArgument.Named(PR_CAP_AMBIENT, "PR_CAP_AMBIENT"), PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        ulong ambient = Capabilities.Mask(capabilities.Ambient);
        for (int capability = 0; capability < Capabilities.All.Count; capability++)
        {
            if ((ambient & permitted & inheritable & (1UL << capability)) != 0)
            {
                program.Add(
                    $"raise {Capabilities.All[capability]} in the ambient set", "prctl", SyscallNumbers.prctl,
                    InitArgument.Named(PR_CAP_AMBIENT, "PR_CAP_AMBIENT"), PR_CAP_AMBIENT_RAISE, capability, 0, 0);
            }
        }
    }

    static void PlanExecute(
        InitProgram program, ProcessSpec process, IReadOnlyList<string> candidates, InitSettings settings)
    {
        byte[] defaultAction = new byte[32];
        foreach (int signal in settings.IgnoredSignals)
        {
            // Ignored signals stay so over execve; .NET ignores SIGPIPE.
            program.AddWith(
                $"restore signal {signal}", "rt_sigaction", SyscallNumbers.rt_sigaction, InitRule.Ignore, signal,
                InitArgument.Bytes(defaultAction, "SIG_DFL"), 0, 8);
        }

        program.Add(
            "unblock signals", "rt_sigprocmask", SyscallNumbers.rt_sigprocmask, InitArgument.Named(2, "SIG_SETMASK"),
            InitArgument.Bytes(new byte[8], "none"), 0, 8);
        string[] args = process.Args ?? [];
        string purpose = $"exec \"{args[0]}\"";
        for (int i = 0; i < candidates.Count; i++)
        {
            program.AddWith(
                purpose, "execve", SyscallNumbers.execve, i + 1 < candidates.Count ? InitRule.TryNext : InitRule.Fail,
                candidates[i], InitArgument.Array(args, "args"), InitArgument.Array(process.Env ?? [], "env"));
        }
    }

    static InitArgument Flag(NamespaceKind kinds) => InitArgument.Named((nint)(uint)kinds, kinds.ToString().Replace(", ", "|", StringComparison.Ordinal));
}
