using Caisson.Containers.Cgroups;
using Caisson.Containers.Ids;
using Caisson.Containers.Init;
using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Seccomp;
using Caisson.Kernel.Sockets;

namespace Caisson.Containers.Lifecycle;

public sealed partial class ContainerCreation
{
    // Made by the child itself after its ids are mapped; the others must be there from birth.
    const NamespaceKind MadeByChild =
        NamespaceKind.CLONE_NEWIPC | NamespaceKind.CLONE_NEWUTS | NamespaceKind.CLONE_NEWNET | NamespaceKind.CLONE_NEWCGROUP;

    static InitProcess Spawn(
        CreateRequest request,
        CreatePlan plan,
        IReadOnlyList<string> descriptors,
        JoinedNamespaces joined,
        Cgroup cgroup,
        SeccompFilter? filter,
        SeccompFilter? viewFilter,
        MountPerformer mounts,
        Fd listener,
        SocketPair socket)
    {
        NamespaceKind made = plan.Namespaces.New;
        NamespaceKind atBirth = made & (NamespaceKind.CLONE_NEWUSER | NamespaceKind.CLONE_NEWPID | NamespaceKind.CLONE_NEWTIME);
        string? offsets = TimeOffsets.Render(plan.Spec.Linux?.TimeOffsets);
        if (offsets is not null)
        {
            // They can be set only before a process is in the namespace: it is made for our children, and the first one is born
            // into it.
            Namespace.UnshareTimeForChildren(offsets);
            atBirth &= ~NamespaceKind.CLONE_NEWTIME;
        }

        // A user namespace by path is joined first and the others are made inside it, so that it owns them: a second clone.
        bool staged = joined.IsStaged;
        IReadOnlyList<Fd> tasks = cgroup.OpenTasks();
        using Fd? leaf = cgroup.OpenInitLeaf();
        using Fd? unified = cgroup.OpenForClone();
        InitSettings settings = new()
        {
            ParentSocket = socket.Ours.Number,
            ChildSocket = socket.Childs.Number,
            Joined = joined.ForChild,
            SecondClone = staged ? (ulong)atBirth : null,
            CgroupTasks = [.. tasks.Select(file => file.Number)],
            CgroupLeaf = leaf?.Number ?? -1,
            Unshared = made & MadeByChild,
            HasUserNamespace = plan.Namespaces.HasUser,
            CopiesMountNamespace = plan.Namespaces.HasUser,
            Hostname = plan.Spec.Hostname,
            Domainname = plan.Spec.Domainname,
            ConsoleSlave = mounts.ConsoleSlave?.Number ?? -1,
            NullStreams = [.. descriptors.Index().Where(one => one.Item == "/dev/null").Select(one => one.Index)],
            StartListener = listener.Number,
            Keyring = request.NoNewKeyring ? null : $"_ses.{request.Id.Value}",
            Seccomp = filter,
            Personality = plan.Spec.Linux?.Personality,
            MemoryPolicy = plan.Spec.Linux?.MemoryPolicy,
            ViewFilter = viewFilter,
            DeniesGroups = OwnIds.DeniesGroups,
            PreservedFds = request.PreservedFds,
            IgnoredSignals = Signals.Ignored(),
            HasAppArmor = AppArmor.IsEnabled,
        };
        InitPlan program = InitPlanner.PlanCreate(plan.Process, settings);
        // What the kernel counts for each user, inotify instances, keys, namespaces …, counts for the owner of a user namespace, too:
        // were that root, one container could use up what all others and the host have.
        uint owner = atBirth.HasFlag(NamespaceKind.CLONE_NEWUSER) ? plan.Ids.RootUid : 0;
        using (joined.Enter())
        using (EffectiveUser.Become(owner, keepsCapabilities: true))
        {
            InitProcess init = InitProcess.Start(program, staged ? 0 : (ulong)atBirth, unified, socket);
            foreach (Fd file in tasks)
            {
                file.Dispose();
            }

            return init;
        }
    }
}
