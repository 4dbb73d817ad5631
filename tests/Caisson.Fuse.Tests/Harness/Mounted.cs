using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Files;
using Caisson.Kernel.Memory;
using Caisson.Kernel.Mounts;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>Files served by a thread of this process, on a mount that is attached nowhere.</summary>
sealed class Mounted : IDisposable
{
    readonly FuseMount _mount;
    readonly Thread _server;
    readonly Func<Opcode, bool> _endsBefore;
    readonly Func<Opcode, bool> _endsAfter;
    readonly ConcurrentQueue<(Opcode Opcode, ulong Node)> _requests = new();

    public Mounted(params FuseFile[] files) : this(_ => false, _ => false, files)
    {
    }

    /// <summary>Servers end before or just after they have answered a request of this kind, and the next takes over.</summary>
    public Mounted(Func<Opcode, bool> endsBefore, Func<Opcode, bool> endsAfter, params FuseFile[] files)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/dev/fuse"), "needs root and /dev/fuse");
        _mount = FuseMount.Create();
        using Fd file = MemoryFile.Create("fuse-tests", []);
        Memory = NewMemory(file);
        _endsBefore = endsBefore;
        _endsAfter = endsAfter;
        _server = new Thread(() => ServeInTurn(files)) { IsBackground = true, Name = "fuse" };
        _server.Start();
    }

    /// <summary>Laid out for tests.</summary>
    public static FuseMemory NewMemory(Fd file) => new(SharedMemory.Map(file, Contents + FuseMemory.ContentsSize, "fuse-tests"), 0, Contents);

    /// <summary>Where the part for contents begins.</summary>
    public const int Contents = (FuseMemory.Size + 4095) & ~4095;

    /// <summary>How many servers there were.</summary>
    public int Servers { get; private set; }

    public FuseMemory Memory { get; }

    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Good in other processes, too.</summary>
    public string Root => $"/proc/{Environment.ProcessId}/fd/{_mount.Tree.Number}";

    /// <summary>What the kernel has asked since the last call.</summary>
    public IReadOnlyList<(Opcode Opcode, ulong Node)> TakeRequests()
    {
        List<(Opcode, ulong)> taken = [];
        while (_requests.TryDequeue(out (Opcode, ulong) request))
        {
            taken.Add(request);
        }

        return taken;
    }

    /// <summary>
    /// Until the server knows that nobody has a file open for reading any more. The kernel tells it after close(2), and later yet
    /// while a process that is being started has a copy of the descriptor.
    /// </summary>
    public void WaitUntilClosed() => Assert.True(
        SpinWait.SpinUntil(() => !HasSnapshots, TimeSpan.FromSeconds(20)), "a file stays open");

    bool HasSnapshots
    {
        get
        {
            foreach (ref SnapshotState row in Memory.Snapshots)
            {
                if (row.IsTaken)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public string PathOf(string name) => $"{Root}/{name}";

    public void Dispose()
    {
        _mount.Tree.Dispose();
        Assert.True(_server.Join(TimeSpan.FromSeconds(10)), "the server did not end with its last mount");
        _mount.Dispose();
    }

    void ServeInTurn(FuseFile[] files)
    {
        while (true)
        {
            try
            {
                Servers++;
                new FuseServer(_mount.Device, Memory, files, 0, 0, Log.Enqueue, Transmit) { BeforeRequest = Note }.Serve();
                return;
            }
            catch (EndOfServer)
            {
                // Whatever it knew is gone.
            }
        }
    }

    void Note()
    {
        fuse_in_header header = MemoryMarshal.Read<fuse_in_header>(Memory.Request);
        _requests.Enqueue(((Opcode)header.opcode, header.nodeid));
        if (_endsBefore((Opcode)header.opcode))
        {
            throw new EndOfServer();
        }
    }

    Errno Transmit(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        Errno errno = FuseDevice.Write(_mount.Device, head, rest);
        bool isAnswer = MemoryMarshal.Read<fuse_out_header>(head).unique != 0;
        if (isAnswer && _endsAfter((Opcode)MemoryMarshal.Read<fuse_in_header>(Memory.Request).opcode))
        {
            throw new EndOfServer();
        }

        return errno;
    }

    sealed class EndOfServer : Exception;
}
