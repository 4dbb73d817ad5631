using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// A process in the foreground: signals go to it, its terminal is joined to ours, its exit code becomes ours. One thread and
/// one poll(2).
/// </summary>
public static class AttachedProcess
{
    // Those that mean us go on to the container; what a terminal's job control or the runtime itself uses does not.
    static readonly int[] Forwarded = [.. Enumerable.Range(1, Signals.Last)
        .Where(signal => signal is not (4 or 5 or 7 or 8 or 9 or 11 or 19 or 20 or 21 or 22 or Signals.SIGCHLD or Signals.SIGURG or >= 32))];

    /// <summary>To be called before the process is started, so that no signal is lost in between.</summary>
    public static Fd Watch() => Signals.Open(Forwarded);

    /// <summary>Waits for the process, a child of ours; returns its exit code.</summary>
    public static int Wait(CreatedContainer process, Fd signals)
    {
        using Fd input = Fd.Borrow(0);
        bool isTerminal = Terminal.TryGetMode(input, out Terminal.termios mode);
        if (process.Master is { } master)
        {
            CopySize(input, master);
            // What it writes may end in a file; on a terminal, that one's own mode is as good.
            if (Terminal.TryGetMode(master, out Terminal.termios own))
            {
                Terminal.SetMode(master, Terminal.WithoutReturns(own));
            }

            if (isTerminal)
            {
                Terminal.SetMode(input, Terminal.Raw(mode));
            }
        }

        try
        {
            Serve(process, signals, input);
        }
        finally
        {
            if (process.Master is not null && isTerminal)
            {
                Terminal.SetMode(input, mode);
            }
        }

        return ChildExit.Wait(process.Pid);
    }

    static void Serve(CreatedContainer process, Fd signals, Fd input)
    {
        byte[] buffer = new byte[32 * 1024];
        using Fd output = Fd.Borrow(1);
        bool inputOpen = process.Master is not null;
        while (true)
        {
            Span<pollfd> fds =
            [
                new() { fd = signals.Number, events = Poll.POLLIN },
                new() { fd = process.Process.Number, events = Poll.POLLIN },
                new() { fd = process.Master?.Number ?? -1, events = Poll.POLLIN },
                new() { fd = inputOpen ? input.Number : -1, events = Poll.POLLIN },
            ];
            Poll.Wait(fds, -1);
            if (fds[0].revents != 0)
            {
                Forward(Signals.Next(signals), process, input);
            }

            if (fds[3].revents != 0)
            {
                inputOpen = Copy(input, process.Master!, buffer);
            }

            if ((fds[2].revents & Poll.POLLIN) != 0)
            {
                Copy(process.Master!, output, buffer);
            }
            else if (fds[1].revents != 0)
            {
                // Ended, and what it wrote to the terminal has been copied.
                return;
            }
        }
    }

    static void Forward(int signal, CreatedContainer process, Fd input)
    {
        if (signal == Signals.SIGWINCH && process.Master is { } master)
        {
            CopySize(input, master);
        }
        else if (signal > 0)
        {
            PidFd.TrySignal(process.Process, signal);
        }
    }

    static void CopySize(Fd from, Fd to)
    {
        if (Terminal.TryGetSize(from, out Terminal.winsize size))
        {
            Terminal.SetSize(to, size);
        }
    }

    // False at the end of the input. A terminal whose last user is gone says EIO.
    static bool Copy(Fd from, Fd to, byte[] buffer)
    {
        try
        {
            int count = FileText.ReadSome(from, buffer, "terminal");
            return count > 0 && FileText.WriteAll(to, buffer.AsSpan(0, count)) == Errno.None;
        }
        catch (KernelException failure) when (failure.Errno == Errno.EIO)
        {
            return false;
        }
    }
}
