using System.Diagnostics;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Processes;

namespace Caisson.Fuse;

/// <summary>
/// Serves files over /dev/fuse, one request after the other on the thread that calls <see cref="Serve"/>. It may end at any
/// instruction: the next server on the same device and memory goes on where it was, and readers notice nothing.
/// </summary>
public sealed class FuseServer
{
    // A request that was left by this many servers is answered EIO by the next. An attempt counts only from when a server began
    // with this request, but it may end for reasons of its own: somebody who kills workers in a loop hits the same request some
    // three times by chance, six times hardly. Against that, a request that hangs costs a second each time (the monitor's watch).
    internal const int MostAttempts = 6;

    readonly FuseMemory _memory;
    readonly Dispatcher _dispatcher;
    readonly Fd _device;

    /// <param name="device">/dev/fuse, mounted (<see cref="Kernel.Mounts.FuseMount"/>); stays the caller's.</param>
    /// <param name="memory">The same for each server of this device.</param>
    /// <param name="files">Those of the root directory. The next server may have others.</param>
    /// <param name="uid">Who owns them.</param>
    /// <param name="gid">And which group.</param>
    /// <param name="log">For one line about what went wrong with one request.</param>
    public FuseServer(Fd device, FuseMemory memory, IReadOnlyList<FuseFile> files, uint uid, uint gid, Action<string> log)
        : this(device, memory, files, uid, gid, log, (head, rest) => FuseDevice.Write(device, head, rest))
    {
    }

    internal FuseServer(
        Fd device, FuseMemory memory, IReadOnlyList<FuseFile> files, uint uid, uint gid, Action<string> log, Transmit transmit)
    {
        _device = device;
        _memory = memory;
        _dispatcher = new Dispatcher(new FlatDirectory(files, memory, new Notifier(transmit), uid, gid), memory, transmit, log);
    }

    /// <summary>Called as each request begins, such as to arm a timer that watches over the server. It must be cheap.</summary>
    public Action? BeforeRequest { get; init; }

    /// <summary>Blocks until the file system is unmounted everywhere or its connection is aborted.</summary>
    public void Serve()
    {
        Resume();
        while (ServeNext())
        {
        }
    }

    /// <summary>
    /// For a caller with one thread: serves until a process has ended, and what it left. False where nothing happens for so many
    /// milliseconds.
    /// </summary>
    public bool ServeUntilEndOf(Fd process, int patience)
    {
        Span<pollfd> fds = [new() { fd = _device.Number, events = Poll.POLLIN }, new() { fd = process.Number, events = Poll.POLLIN }];
        do
        {
            if (Poll.Wait(fds, patience) == 0)
            {
                return false;
            }
        }
        while (fds[0].revents == 0 ? fds[1].revents == 0 : ServeNext());
        return true;
    }

    bool ServeNext()
    {
        Errno errno = FuseDevice.Read(_device, _memory.Request, out int count);
        switch (errno)
        {
            case Errno.None:
                Handle(_memory.Request[..count]);
                return true;
            case Errno.ENOENT:
                // The request was given up while it was being read.
                return true;
            case Errno.ENODEV:
            // It ended while a request was being read.
            case Errno.ECONNABORTED:
                return false;
            default:
                throw new KernelException(errno, "read", "/dev/fuse");
        }
    }

    internal void Resume()
    {
        Span<byte> left = _memory.Request;
        if (RequestReader.TryParse(left, out RequestReader request) && request.Header.unique != _memory.State.Answered)
        {
            Handle(left[..(int)Math.Min(request.Header.len, (uint)left.Length)]);
        }
    }

    internal void Handle(ReadOnlySpan<byte> request)
    {
        ref FuseState state = ref _memory.State;
        Volatile.Write(ref state.BusySince, Stopwatch.GetTimestamp());
        // Before anything that may end us, whatever it is: a request that no server survives must come to its end.
        ulong unique = RequestReader.TryParse(request, out RequestReader parsed) ? parsed.Header.unique : 0;
        state.Attempts = state.Begun == unique ? state.Attempts + 1 : 1;
        state.Begun = unique;
        if (state.Attempts <= MostAttempts)
        {
            BeforeRequest?.Invoke();
            _dispatcher.Handle(request);
        }
        else
        {
            _dispatcher.Refuse(request);
        }

        Volatile.Write(ref state.Answered, unique);
        Volatile.Write(ref state.BusySince, 0);
    }
}
