using System.Text;
using System.Text.Json;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Cli;

/// <summary>
/// Messages for people on standard error, and for engines in the file of <c>--log</c>: lines of text, or of JSON as
/// containerd's shim reads them (level, msg, time).
/// </summary>
sealed class Log : IDisposable
{
    readonly Fd? _file;
    readonly bool _json;

    public Log(string? path, string? format, bool debug)
    {
        IsDebug = debug;
        _json = format switch
        {
            null or "text" => false,
            "json" => true,
            _ => throw new UsageException($"--log-format is text or json, not \"{format}\""),
        };
        if (path is { Length: > 0 } and not "/dev/stderr")
        {
            _file = OpenAt2.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND, 0x1A4 /* 0644 */);
        }
    }

    bool IsDebug { get; }

    /// <summary>With --debug: into the log, or on standard error where there is none.</summary>
    public void Debug(string message)
    {
        if (IsDebug)
        {
            using Fd errors = Fd.Borrow(2);
            Write("debug", message, _file ?? errors);
        }
    }

    /// <summary>An error that ends the command, with what would help.</summary>
    public void Error(string message, string? hint)
    {
        Tell(message, hint);
        Write("error", hint is null ? message : $"{message} (hint: {hint})");
    }

    /// <summary>Something that is not fatal, and says so.</summary>
    public void Warn(string message)
    {
        if (_file is null)
        {
            Tell($"warning: {message}", null);
        }

        Write("warning", message);
    }

    /// <summary>
    /// On standard error alone. Not through Console: it starts a thread, which shares our root and working directory, and then
    /// the kernel lets nobody change the mount namespace.
    /// </summary>
    public static void Tell(string message, string? hint)
    {
        string text = $"caisson: {message}\n{(hint is null ? "" : $"hint: {hint}\n")}";
        using Fd errors = Fd.Borrow(2);
        _ = FileText.WriteAll(errors, Encoding.UTF8.GetBytes(text));
    }

    public void Dispose() => _file?.Dispose();

    void Write(string level, string message)
    {
        if (_file is not null)
        {
            Write(level, message, _file);
        }
    }

    void Write(string level, string message, Fd file)
    {
        string time = UtcTime.Now(digits: 0);
        string line = _json
            ? $"{{\"level\":\"{level}\",\"msg\":\"{JsonEncodedText.Encode(message)}\",\"time\":\"{time}\"}}\n"
            : $"time=\"{time}\" level={level} msg=\"{JsonEncodedText.Encode(message)}\"\n";
        // A log that cannot be written must not hide what it would have said.
        _ = FileText.WriteAll(file, Encoding.UTF8.GetBytes(line));
    }
}
