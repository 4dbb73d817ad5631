using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Seccomp;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// Receives the calls of all listeners of a container, one after the other, on one thread of its own. A handler's bug costs that
/// one call its view: the kernel then makes it.
/// </summary>
/// <param name="memory">Where the call in work lies.</param>
/// <param name="handlers">What is done.</param>
/// <param name="processes">The host's /proc.</param>
/// <param name="busy">Called before each work, to set the watchdog's alarm.</param>
/// <param name="ready">Called once calls can be received.</param>
/// <param name="log">One line for each failure.</param>
public sealed class NotificationLoop(
    NotificationMemory memory, CallHandlers handlers, Fd processes, Action busy, Action ready, Action<string> log)
{
    // A seventh worker does not try what six have not survived: they may have been killed for another reason.
    const int MaxAttempts = 6;
    const long GarbageLimit = 1 << 20;

    readonly Fd _epoll = Epoll.Open();
    readonly Dictionary<int, Fd> _listeners = [];
    long _collectedAt;

    /// <summary>From any thread.</summary>
    public void Add(Fd listener)
    {
        SeccompListener.TryWakeSynchronously(listener.Number);
        lock (_listeners)
        {
            _listeners.Add(listener.Number, listener);
        }

        Epoll.Add(_epoll, listener.Number);
    }

    /// <summary>Those whose processes have not all ended, for another one to hold; from any thread.</summary>
    public List<Fd> CopyListeners()
    {
        lock (_listeners)
        {
            return [.. _listeners.Values.Select(listener => Fd.Duplicate(listener.Number))];
        }
    }

    /// <summary>For a worker that takes over: answers the call that the last one left. All listeners must have been added.</summary>
    public void Run()
    {
        handlers.Settle();
        ready();
        Resume();
        while (true)
        {
            int listener = Epoll.Wait(_epoll, out bool isGone);
            if (isGone)
            {
                Remove(listener);
            }
            else
            {
                Receive(listener);
            }
        }
    }

    void Resume()
    {
        if (memory.Call.id == 0)
        {
            return;
        }

        int listener = 0;
        lock (_listeners)
        {
            listener = _listeners.Keys.FirstOrDefault(fd => SeccompListener.IsValid(fd, memory.Call.id));
        }

        if (listener != 0)
        {
            Work(listener);
        }
    }

    void Receive(int listener)
    {
        memory.Clear();
        // ENOENT: whoever called has been killed meanwhile.
        if (SeccompListener.TryReceive(listener, ref memory.Call) == Errno.None)
        {
            Work(listener);
        }
    }

    void Work(int listener)
    {
        memory.BusySince = Clock.Monotonic;
        busy();
        Answer answer = ++memory.Attempts > MaxAttempts ? Answer.Continue : Handle(listener);
        ulong id = memory.Call.id;
        _ = answer.IsContinued
            ? SeccompListener.TryContinue(listener, id)
            : SeccompListener.TryAnswer(listener, id, answer.Value, answer.Error);
        memory.Call.id = 0;
        memory.BusySince = 0;
        CollectIfDue();
    }

    // By itself the collector waits until garbage fills the processor's cache, tens of megabytes, and each container has a worker.
    // While nobody waits for an answer: it takes a millisecond.
    void CollectIfDue()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        if (allocated - _collectedAt > GarbageLimit)
        {
            _collectedAt = allocated;
            GC.Collect();
        }
    }

    Answer Handle(int listener)
    {
        seccomp_notif call = memory.Call;
        try
        {
            return SyscallTable.Find(call.data.arch, call.data.nr) is { } handled
                ? handled.Handle(handlers, Tracee.Of(listener, call, processes))
                : Answer.Continue;
        }
        catch (Exception failure)
        {
            log($"system call {call.data.nr} of {call.pid}: {failure.Message}, left to the kernel");
            return Answer.Continue;
        }
    }

    void Remove(int listener)
    {
        lock (_listeners)
        {
            if (_listeners.Remove(listener, out Fd? fd))
            {
                // The holder has the same open file: closing alone would leave it there.
                Epoll.Remove(_epoll, listener);
                fd.Dispose();
            }
        }
    }
}
