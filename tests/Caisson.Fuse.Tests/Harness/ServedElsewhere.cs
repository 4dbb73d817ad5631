using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Tests;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>
/// Files served by processes, one after the other, and read by others: whichever hangs, this one does not. It never touches a
/// file of the mount itself, and it ends the connection before it waits for anybody at the end.
/// </summary>
sealed class ServedElsewhere : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly FuseMount _mount;
    readonly Fd _memory;
    readonly Fd _connections;
    readonly string _directory = Directory.CreateTempSubdirectory("fuse-tests-").FullName;
    readonly ConcurrentQueue<(uint Opcode, string Where)> _deaths;
    readonly Thread _keeper;
    volatile Process? _server;
    volatile bool _ending;

    /// <summary>The first servers kill themselves as told, each the next in turn; what comes after them serves on.</summary>
    public ServedElsewhere(params (uint Opcode, string Where)[] deaths)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/dev/fuse"), "needs root and /dev/fuse");
        _deaths = new(deaths);
        File.WriteAllText(ValuePath, "0\n");
        using (FsContext context = FsContext.Open("fusectl"))
        {
            _connections = context.CreateMount(MountAttributes.None);
        }

        _memory = MemoryFile.Create("fuse-tests", []);
        _mount = FuseMount.Create();
        _keeper = new Thread(Keep) { IsBackground = true, Name = "keeper" };
        _keeper.Start();
    }

    /// <summary>How many servers have ended.</summary>
    public int Ended { get; private set; }

    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>For files that tests share with readers; nothing of the mount.</summary>
    public string Scratch => _directory;

    string ValuePath => $"{_directory}/value";

    /// <summary>A shell's output, with <c>$r</c> for the mount's root and <c>$s</c> for <see cref="Scratch"/>. It fails the test if it does not end.</summary>
    public string Run(string script)
    {
        CommandResult result = Command.Run("busybox", ["sh", "-c", Prologue + script], seconds: (int)s_patience.TotalSeconds);
        return result.Output + result.Errors;
    }

    /// <summary>A shell that runs until it ends by itself; <see cref="OutputOf"/> waits for that.</summary>
    public Process Start(string script) => Process.Start(new ProcessStartInfo("busybox", ["sh", "-c", Prologue + script])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static string OutputOf(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Assert.True(Task.WaitAll([output, errors], s_patience), "a reader hangs");
            return output.Result + errors.Result;
        }
    }

    /// <summary>Kills the server of this moment, if there is one.</summary>
    public void KillServer()
    {
        try
        {
            _server?.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public void WaitForEnds(int count) =>
        Assert.True(SpinWait.SpinUntil(() => Ended >= count, s_patience), $"{Ended} servers have ended, and not {count}");

    public void Dispose()
    {
        _ending = true;
        // Whoever waits for an answer gets an error now, and so can be killed.
        string number = Stat.CachedOf(_mount.Tree).stx_dev_minor.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText($"{_connections.ProcPath}/{number}/abort", "1");
        bool ended = _keeper.Join(TimeSpan.FromSeconds(5));
        KillServer();
        _mount.Dispose();
        _connections.Dispose();
        _memory.Dispose();
        Directory.Delete(_directory, recursive: true);
        Assert.True(ended, "the server did not end with its connection");
    }

    string Prologue => $"r=/proc/{Environment.ProcessId}/fd/{_mount.Tree.Number}; s={_directory}; ";

    void Keep()
    {
        while (!_ending)
        {
            List<string> arguments = [$"{Environment.ProcessId}", $"{_mount.Device.Number}", $"{_memory.Number}", ValuePath];
            if (_deaths.TryDequeue(out (uint Opcode, string Where) death))
            {
                arguments.AddRange([$"{death.Opcode}", death.Where]);
            }

            using Process server = Process.Start(
                new ProcessStartInfo($"{AppContext.BaseDirectory}/Caisson.FuseProcess", arguments) { RedirectStandardError = true })!;
            server.ErrorDataReceived += (_, line) => Note(line.Data);
            server.BeginErrorReadLine();
            _server = server;
            server.WaitForExit();
            _server = null;
            Ended++;
        }
    }

    void Note(string? line)
    {
        if (line is not null)
        {
            Log.Enqueue(line);
        }
    }
}
