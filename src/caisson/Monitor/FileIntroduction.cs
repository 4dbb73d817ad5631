using Caisson.Containers;
using Caisson.Containers.Monitoring;
using Caisson.Emulation;
using Caisson.Emulation.Syscalls;
using Caisson.Fuse;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;

namespace Caisson.Cli.Monitor;

/// <summary>
/// The command is the first server of a container's files, for the moment in which the kernel gets to know them: a child lists
/// their directory, which brings names and attributes (FUSE_READDIRPLUS), and the command answers. No worker is needed, nor
/// waited for, before somebody reads.
/// </summary>
static class FileIntroduction
{
    const int ListingSize = 32 * 1024;

    // In milliseconds. A child that is cloned at the very moment of a collection waits for its end, which never comes there: seen
    // once in some hundred runs with a heap of 8 MiB that is collected every few kilobytes.
    const int Patience = 500;
    const int MostTries = 5;

    // So many bytes the kernel asks for at once before Linux 6.16; each entry takes some 200 of them.
    const int EntriesAtOnce = 4096 / 256;

    public static IReadOnlyList<string> Run(Fd memoryFile, FuseMount mount)
    {
        MonitorMemory memory = MonitorMemory.Map(memoryFile, MonitorLayout.Size);
        FuseMemory fuse = new(memory.Shared, MonitorLayout.Fuse, MonitorLayout.Contents);
        // What an earlier connection was at.
        fuse.Forget();
        memory.Shared.Slice(MonitorLayout.Notifications, NotificationMemory.Size).Clear();
        ViewDescription description = memory.Description;
        IReadOnlyList<FuseFile> files = [.. EmulatedTree.Listing, Decoration.Null];
        FuseServer server = new(mount.Device, fuse, files, description.RootUid, description.RootGid, static _ => { });

        InitProgram listing = Listing(mount.Tree, files.Count);
        for (int tries = 0; !TryList(listing, server); tries++)
        {
            if (tries == MostTries)
            {
                throw new ContainerException("nobody lists the emulated files");
            }
        }

        return [.. files.Select(file => file.Name)];
    }

    static bool TryList(InitProgram listing, FuseServer server)
    {
        // Compiled anew each time: a child writes into it how far it came.
        using CompiledProgram program = new(listing);
        int child = Start(program, out Fd process);
        using (process)
        {
            bool isListed = server.ServeUntilEndOf(process, Patience);
            if (!isListed)
            {
                PidFd.TrySignal(process, Signals.SIGKILL);
            }

            ChildExit.Wait(child);
            return program.Failure is { } failure
                ? throw new ContainerException(failure.Purpose, new KernelErrnoException(failure.Errno))
                : isListed;
        }
    }

    // The two take turns.
    static int Start(CompiledProgram program, out Fd process)
    {
        using (CpuAffinity.Pin())
        {
            return program.Start(0, cgroup: null, out process);
        }
    }

    static InitProgram Listing(Fd tree, int entries)
    {
        InitProgram program = new();
        // A command that is killed must leave nobody who holds what the files or the monitor hang on.
        program.CloseFrom(3, tree.Number);
        int directory = program.Add(
            "open the emulated files", "openat", SyscallNumbers.openat, tree.Number, ".", InitArgument.Named(0x90000, "O_DIRECTORY|O_CLOEXEC"));
        int memory = program.Add(
            "make room", "mmap", SyscallNumbers.mmap, 0, ListingSize, InitArgument.Named(3, "PROT_READ|PROT_WRITE"),
            InitArgument.Named(0x22, "MAP_PRIVATE|MAP_ANONYMOUS"), -1, 0);
        for (int i = 0; i <= entries; i += EntriesAtOnce)
        {
            program.AddWith(
                "list the emulated files", "getdents64", SyscallNumbers.getdents64, InitRule.ExitIfZero,
                InitArgument.Result(directory, "directory"), InitArgument.Result(memory, "room"), ListingSize);
        }

        return program;
    }
}
