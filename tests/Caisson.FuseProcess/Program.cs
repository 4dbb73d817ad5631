using System.Globalization;
using Caisson.Fuse;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Kernel.Memory;
using Caisson.Kernel.Processes;

namespace Caisson.FuseProcess;

/// <summary>
/// One server in a process of its own, so that it can be killed. Its arguments are a process and the numbers of the FUSE device
/// and of the memory there, the file that holds the value that can be written, and, where it is to kill itself, at which kind of
/// request (its number) and where: "begin", "before" or "after" the answer.
/// </summary>
static class Program
{
    static int Main(string[] args)
    {
        Fd device = Take(args[0], args[1]);
        using Fd file = Take(args[0], args[2]);
        const int contents = (FuseMemory.Size + 4095) & ~4095;
        FuseMemory memory = new(SharedMemory.Map(file, contents + FuseMemory.ContentsSize, "fuse"), 0, contents);
        FuseFile[] files =
        [
            new("stored", 0x1A4, new StoredOnDisk(args[3])),
            new("numbered", 0x124, new Numbered(4000)),
            new("large", 0x124, new Numbered(200_000)),
            new("slow", 0x124, new Slow()),
        ];
        Death death = args.Length > 4
            ? new Death(memory, uint.Parse(args[4], CultureInfo.InvariantCulture), args[5])
            : new Death(memory, uint.MaxValue, "");
        FuseServer server = new(device, memory, files, 0, 0, Console.Error.WriteLine, death.Around(device)) { BeforeRequest = death.AtBegin };
        server.Serve();
        return 0;
    }

    static Fd Take(string pid, string number)
    {
        Check(PidFd.TryOpen(int.Parse(pid, CultureInfo.InvariantCulture), out Fd? process));
        Check(PidFd.TryGetDescriptor(process!, int.Parse(number, CultureInfo.InvariantCulture), out Fd? descriptor));
        return descriptor!;
    }

    static void Check(Errno errno)
    {
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "pidfd", "the test");
        }
    }
}
