using Caisson.Containers.Monitoring;
using Caisson.Emulation.Proc;
using Caisson.Emulation.Syscalls;
using Caisson.Fuse;

namespace Caisson.Cli.Monitor;

/// <summary>Where each part of the worker keeps what must outlive it, in the monitor's memory.</summary>
static class MonitorLayout
{
    public const int Notifications = MonitorMemory.PartsOffset;

    public const int Alarm = Notifications + 4096;

    public const int Fuse = Alarm + 4096;

    public const int Values = Fuse + ((FuseMemory.Size + 4095) & ~4095);

    public const int Contents = Values + ((ValueStore.Size + 4095) & ~4095);

    public const int Size = Contents + FuseMemory.ContentsSize;

    /// <summary>For the commands that create containers and enter them.</summary>
    public static ViewSetup Setup => new(ViewFilter.Build(), Size, FileIntroduction.Run);
}
