using System.Buffers.Binary;
using System.Text;
using Caisson.Containers.Hooks;
using Caisson.Containers.Init;
using Caisson.Containers.Networks;
using Caisson.Containers.Processes;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Sockets;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

public sealed partial class Container
{
    /// <summary>
    /// Lets the created process go on, and returns once it has become the user's program. Unlike runc's fifo the socket also
    /// carries back why it could not.
    /// </summary>
    /// <param name="warn">Told of what fails while the container can do without it.</param>
    public void Start(Action<string> warn)
    {
        ContainerStatus status = Status;
        if (status != ContainerStatus.Created)
        {
            throw new UserError(
                status == ContainerStatus.Stopped
                    ? $"cannot start container \"{Id.Value}\": its process has ended"
                    : $"cannot start container \"{Id.Value}\": it is {StateView.Word(status)}",
                "a container is started once, after create");
        }

        // Only hooks and the level matter here; most specs have none.
        Spec spec = ReadSpec();
        if (spec.Hooks?.StartContainer is { Length: > 0 } hooks)
        {
            // Programs of the container's, so in all of its namespaces and as its root, with its process's variables.
            using ContainerRoot root = ContainerRoot.Open(State.Pid, _process!);
            string[]? environment = spec.Process is { } process
                ? ProcessEnvironment.Complete(process, path => root.Path.TryReadText(path)).Env : null;
            WithinPidNamespaceAndBack(() =>
            {
                HookRunner.Run(hooks, "startContainer", StateView.For(State, ContainerStatus.Created), JoinedByExec(), environment);
                return true;
            });
        }

        OfferNameServer(spec, warn);
        Errno errno = UnixSocket.TryConnect(_directory, ContainerStore.StartSocket, out Fd? connection);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "connect", "the container's start socket");
        }

        using (connection)
        {
            WaitForExec(connection!, spec.Linux?.Seccomp);
        }

        _cgroup?.EnableControllersInside();
        Directories.TryUnlink(_directory, ContainerStore.StartSocket);
        try
        {
            HookRunner.Run(spec.Hooks?.Poststart, "poststart", StateView.For(State, ContainerStatus.Running));
        }
        catch (ContainerException)
        {
            // The specification since 1.2.1 (runtime.md#lifecycle, step 9), and runc since 1.5.
            End();
            throw;
        }
    }

    void OfferNameServer(Spec spec, Action<string> warn)
    {
        if (State.Isolation != Isolation.System || !State.Namespaces.HasFlag(NamespaceKind.CLONE_NEWNET))
        {
            return;
        }

        try
        {
            InnerNameServer.Offer(spec, State.Pid);
        }
        catch (KernelException failure)
        {
            warn($"containers inside cannot use the engine's name server: {failure.Message}, proceeding anyway");
        }
    }

    // End of file: execve closed the connection. Else the errno and the words of the step that failed; before them, perhaps,
    // that the process has loaded a profile whose listener goes to the agent.
    void WaitForExec(Fd connection, RawJson? profile)
    {
        byte[] report = new byte[4096];
        int length = 0;
        while (length < report.Length && FileText.ReadSome(connection, report.AsSpan(length), "start socket") is > 0 and int count)
        {
            if (length == 0 && report[0] == InitPlanner.SeccompListenerReady)
            {
                using Fd listener = SeccompAgent.Take(_process!, State.Pid);
                SeccompAgent.Send(profile, listener, State.Pid, StateView.For(State, ContainerStatus.Created));
                FileText.WriteAll(connection, "."u8);
            }
            else
            {
                length += count;
            }
        }

        if (length >= sizeof(int))
        {
            throw StepFailure.Of(
                Encoding.UTF8.GetString(report, sizeof(int), length - sizeof(int)),
                (Errno)BinaryPrimitives.ReadInt32LittleEndian(report));
        }
    }
}
