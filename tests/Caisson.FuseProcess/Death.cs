using System.Runtime.InteropServices;
using Caisson.Fuse;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Processes;

namespace Caisson.FuseProcess;

/// <summary>SIGKILL at one place of one kind of request.</summary>
sealed class Death
{
    readonly FuseMemory _memory;
    readonly uint _opcode;
    readonly string _where;
    readonly Fd? _self;

    public Death(FuseMemory memory, uint opcode, string where)
    {
        _memory = memory;
        _opcode = opcode;
        _where = where;
        _ = PidFd.TryOpen(Environment.ProcessId, out _self);
    }

    public void AtBegin() => Come("begin");

    public Transmit Around(Fd device) => (head, rest) =>
    {
        bool isAnswer = MemoryMarshal.Read<fuse_out_header>(head).unique != 0;
        if (isAnswer)
        {
            Come("before");
        }

        Errno errno = FuseDevice.Write(device, head, rest);
        if (isAnswer)
        {
            Come("after");
        }

        return errno;
    };

    void Come(string where)
    {
        if (where == _where && MemoryMarshal.Read<fuse_in_header>(_memory.Request).opcode == _opcode)
        {
            _ = PidFd.TrySignal(_self!, Signals.SIGKILL);
        }
    }
}
