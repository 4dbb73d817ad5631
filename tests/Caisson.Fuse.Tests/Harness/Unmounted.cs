using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>A server without a kernel: requests are put into its memory, and what it sends is kept.</summary>
sealed class Unmounted
{
    // Mappings stay until the process ends: one for each thread is enough.
    [ThreadStatic]
    static FuseMemory? t_memory;

    readonly FuseFile[] _files;

    public Unmounted(params FuseFile[] files)
    {
        _files = files;
        if (t_memory is null)
        {
            using Fd file = MemoryFile.Create("fuse-tests", []);
            t_memory = Mounted.NewMemory(file);
        }

        t_memory.Forget();
        Memory = t_memory;
        Server = NewServer();
    }

    public FuseMemory Memory { get; }

    public FuseServer Server { get; private set; }

    public List<string> Log { get; } = [];

    /// <summary>Answers, without notifications.</summary>
    public List<byte[]> Answers { get; } = [];

    public List<byte[]> Notifications { get; } = [];

    public void Replace() => Server = NewServer();

    public ulong IdOf(string name) => new Node(_files.First(file => file.Name == name)).Id;

    /// <summary>As if a server had read it and ended.</summary>
    public void Leave(ReadOnlySpan<byte> request)
    {
        Memory.Request.Clear();
        request.CopyTo(Memory.Request);
    }

    /// <summary>The answer to one request; null where there is none.</summary>
    public byte[]? Ask(ReadOnlySpan<byte> request)
    {
        Answers.Clear();
        Leave(request);
        Server.Handle(Memory.Request[..request.Length]);
        return Answers.Count == 0 ? null : Assert.Single(Answers);
    }

    public static Errno ErrnoOf(byte[] answer) => (Errno)(-HeaderOf(answer).error);

    public static fuse_out_header HeaderOf(byte[] answer) => MemoryMarshal.Read<fuse_out_header>(answer);

    public static T BodyOf<T>(byte[] answer) where T : unmanaged =>
        MemoryMarshal.Read<T>(answer.AsSpan(Unsafe.SizeOf<fuse_out_header>()));

    FuseServer NewServer() => new(Fd.Borrow(-1), Memory, _files, 0, 0, Log.Add, Keep);

    Errno Keep(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        byte[] message = [.. head, .. rest];
        Assert.Equal((uint)message.Length, HeaderOf(message).len);
        (HeaderOf(message).unique == 0 ? Notifications : Answers).Add(message);
        return Errno.None;
    }
}
