using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Memory;

namespace Caisson.Containers.Monitoring;

/// <summary>
/// What a container's monitor must not lose: a file in its state directory that holder and worker map. It begins with who they
/// are and what they were told; the rest belongs to the worker's parts (the executable lays it out).
/// </summary>
public sealed class MonitorMemory
{
    public const string FileName = "monitor.memory";

    /// <summary>Where the parts of the worker begin.</summary>
    public const int PartsOffset = 64 * 1024;

    const int VersionOffset = 0;
    const int HolderPidOffset = 8;
    const int HolderStartOffset = 16;
    const int WorkerPidOffset = 24;
    const int WorkerStartOffset = 32;
    const int RestartsOffset = 40;
    const int ExitOffset = 44;
    const int QuickEndsOffset = 48;
    const int DescriptionOffset = 4096;
    const int CurrentVersion = 1;

    readonly SharedMemory _memory;

    MonitorMemory(SharedMemory memory) => _memory = memory;

    public SharedMemory Shared => _memory;

    public ref int HolderPid => ref _memory.At<int>(HolderPidOffset);

    /// <summary>Field 22 of /proc/PID/stat; with the pid it names one process.</summary>
    public ref ulong HolderStart => ref _memory.At<ulong>(HolderStartOffset);

    public ref int WorkerPid => ref _memory.At<int>(WorkerPidOffset);

    public ref ulong WorkerStart => ref _memory.At<ulong>(WorkerStartOffset);

    /// <summary>How many workers were replaced.</summary>
    public ref int Restarts => ref _memory.At<int>(RestartsOffset);

    /// <summary>How the last worker ended: an exit code, or 128 + the signal.</summary>
    public ref int LastExit => ref _memory.At<int>(ExitOffset);

    /// <summary>How many workers in a row ended soon after their start; each waits longer for the next.</summary>
    public ref int QuickEnds => ref _memory.At<int>(QuickEndsOffset);

    public ViewDescription Description
    {
        get => ViewDescription.Read(_memory.Slice(DescriptionOffset, PartsOffset - DescriptionOffset));
        set => value.Write(_memory.Slice(DescriptionOffset, PartsOffset - DescriptionOffset));
    }

    /// <summary>Makes the file; it is sparse.</summary>
    public static Fd Create(Fd stateDirectory, int size, ViewDescription description)
    {
        const OpenFlags create = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW;
        Fd file = OpenAt2.Open(stateDirectory, FileName, create, ResolveFlags.None, 0x180 /* 0600 */);
        MonitorMemory memory = new(SharedMemory.Map(file, size, FileName));
        memory.Description = description;
        Volatile.Write(ref memory._memory.At<int>(VersionOffset), CurrentVersion);
        return file;
    }

    /// <summary>What an earlier monitor left.</summary>
    public static Fd Reopen(Fd stateDirectory) => OpenAt2.Open(stateDirectory, FileName, OpenFlags.O_RDWR | OpenFlags.O_NOFOLLOW);

    public static MonitorMemory Map(Fd file, int size)
    {
        MonitorMemory memory = new(SharedMemory.Map(file, size, FileName));
        int version = Volatile.Read(ref memory._memory.At<int>(VersionOffset));
        return version == CurrentVersion ? memory : throw new UserError(
            $"{FileName} has version {version}, this program knows {CurrentVersion}", "use the program that created the container, or create it anew");
    }

    /// <summary>The header alone, for those who look; null where the container has no monitor.</summary>
    public static MonitorMemory? TryOpen(Fd stateDirectory)
    {
        Errno errno = OpenAt2.TryOpen(stateDirectory, FileName, OpenFlags.O_RDWR, ResolveFlags.None, 0, out Fd? file);
        if (errno == Errno.ENOENT)
        {
            return null;
        }

        using Fd opened = errno == Errno.None ? file! : throw new KernelException(errno, "open", FileName);
        return Stat.Of(opened).stx_size < PartsOffset ? null : Map(opened, (int)Stat.Of(opened).stx_size);
    }
}
