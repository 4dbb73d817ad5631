using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Memory;
using Caisson.Kernel.Mounts;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>Files served by a thread of this process, on a mount that is attached nowhere.</summary>
sealed class Mounted : IDisposable
{
    readonly FuseMount _mount;
    readonly Thread _server;
    readonly ConcurrentQueue<(Opcode Opcode, ulong Node)> _requests = new();

    public Mounted(params FuseFile[] files)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/dev/fuse"), "needs root and /dev/fuse");
        _mount = FuseMount.Create();
        using Fd file = MemoryFile.Create("fuse-tests", []);
        Memory = new FuseMemory(SharedMemory.Map(file, FuseMemory.Size, "fuse-tests"), 0);
        FuseServer server = new(_mount.Device, Memory, files, 0, 0, Log.Enqueue) { BeforeRequest = Note };
        _server = new Thread(server.Serve) { IsBackground = true, Name = "fuse" };
        _server.Start();
    }

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

    public string PathOf(string name) => $"{Root}/{name}";

    public void Dispose()
    {
        _mount.Tree.Dispose();
        Assert.True(_server.Join(TimeSpan.FromSeconds(10)), "the server did not end with its last mount");
        _mount.Dispose();
    }

    void Note()
    {
        fuse_in_header header = MemoryMarshal.Read<fuse_in_header>(Memory.Request);
        _requests.Enqueue(((Opcode)header.opcode, header.nodeid));
    }
}
