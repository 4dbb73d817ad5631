using Caisson.Kernel;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Rootfs;

/// <summary>A child that goes somewhere by a program and stands there until we have looked.</summary>
static class VisitingChild
{
    /// <param name="program">How it gets there.</param>
    /// <param name="kinds">New namespaces that it is cloned into.</param>
    /// <param name="look">Gets its pid, its pidfd and the results of the program's steps.</param>
    public static T Run<T>(InitProgram program, NamespaceKind kinds, Func<int, Fd, CompiledProgram, T> look)
    {
        using SocketPair socket = SocketPair.Create();
        // So that our end closing ends it.
        program.Add("close the parent's socket", "close", SyscallNumbers.close, socket.Ours.Number);
        program.Tell("the namespace is entered", socket.Childs.Number);
        program.WaitFor("the parent's look", socket.Childs.Number);
        using CompiledProgram compiled = new(program);
        int pid = compiled.Start((ulong)kinds, cgroup: null, out Fd process);
        socket.Childs.Dispose();
        try
        {
            return socket.Wait() || compiled.Failure is not { } failure
                ? look(pid, process, compiled)
                : throw new KernelException(failure.Errno, failure.Purpose);
        }
        finally
        {
            socket.Dispose();
            ChildExit.Wait(pid);
            process.Dispose();
        }
    }
}
