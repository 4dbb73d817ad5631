using System.Globalization;
using System.Text;
using Caisson.Containers.Tests.Seccomp;
using Caisson.Emulation.Syscalls;
using Caisson.Kernel.Seccomp;
using Caisson.Tests;

namespace Caisson.Emulation.Tests.Syscalls;

/// <summary>Which calls the filter hands over, on each architecture, and the document of the table it is made from.</summary>
public sealed class ViewFilterTests
{
    const uint X64 = 0xC000003E;
    const uint I386 = 0x40000003;
    const uint Arm64 = 0xC00000B7;
    const uint Arm = 0x40000028;
    const uint X32 = 0x40000000;

    static readonly SeccompFilter Filter = ViewFilter.Build();

    [Theory]
    [InlineData(X64, 165u, 166u, 429u, 99u)]
    [InlineData(X64, X32 | 165u, X32 | 166u, X32 | 429u, X32 | 99u)]
    [InlineData(I386, 21u, 52u, 429u, 116u)]
    [InlineData(Arm64, 40u, 39u, 429u, 179u)]
    [InlineData(Arm, 21u, 52u, 429u, 116u)]
    public void Calls_are_handed_over_by_what_they_do(uint architecture, uint mount, uint umount, uint move, uint sysinfo)
    {
        Assert.True(IsHandedOver(architecture, mount, 3, 0));
        Assert.True(IsHandedOver(architecture, mount, 3, 0xf));
        Assert.True(IsHandedOver(architecture, mount, 3, 0xC0ED0000));
        Assert.True(IsHandedOver(architecture, mount, 3, 0xC0ED000f));
        foreach (uint flag in (uint[])[0x20, 0x1000, 0x2000, 0x20000, 0x40000, 0x80000, 0x100000])
        {
            Assert.False(IsHandedOver(architecture, mount, 3, flag), $"{flag:x}");
            // The magic is the whole high half; of its own bits some are these flags.
            Assert.Equal((0xC0ED0000 | flag) == 0xC0ED0000, IsHandedOver(architecture, mount, 3, 0xC0ED0000 | flag));
        }

        Assert.True(IsHandedOver(architecture, umount, 1, 0));
        Assert.True(IsHandedOver(architecture, umount, 1, 8));
        Assert.False(IsHandedOver(architecture, umount, 1, 2));
        Assert.False(IsHandedOver(architecture, move, 4, 0));
        Assert.True(IsHandedOver(architecture, move, 4, 0x44));
        Assert.True(IsHandedOver(architecture, sysinfo, 0, 0));
    }

    [Theory]
    [InlineData(X64, 250u)]
    [InlineData(I386, 288u)]
    [InlineData(Arm64, 219u)]
    [InlineData(Arm, 311u)]
    public void New_session_keyrings_are_handed_over_and_no_other_keyctl(uint architecture, uint number)
    {
        for (uint command = 0; command < 40; command++)
        {
            Assert.Equal(command == 1, IsHandedOver(architecture, number, 0, command));
        }
    }

    [Theory]
    [InlineData(X64, 133u, 1)]
    [InlineData(X64, X32 | 259u, 2)]
    [InlineData(I386, 14u, 1)]
    [InlineData(I386, 297u, 2)]
    [InlineData(Arm64, 33u, 2)]
    [InlineData(Arm, 324u, 2)]
    public void Nodes_are_handed_over_unless_they_are_files_pipes_sockets_or_whiteouts(uint architecture, uint number, int mode)
    {
        const uint device = 0x103;
        Assert.True(IsHandedOver(architecture, number, mode, 0x2000 | 0x1b6, mode + 1, device));
        Assert.False(IsHandedOver(architecture, number, mode, 0x2000, mode + 1, 0));
        foreach (uint other in (uint[])[0, 0x1000, 0x8000, 0xc000])
        {
            Assert.False(IsHandedOver(architecture, number, mode, other, mode + 1, device));
        }
    }

    [Fact]
    public void All_other_calls_and_architectures_are_left_alone()
    {
        uint[] x64 = [165, 166, 429, 99, 133, 259];
        foreach (uint number in Enumerable.Range(0, 600).Select(number => (uint)number).Except(x64))
        {
            Assert.False(IsHandedOver(X64, number, 0, 0), $"{number}");
        }

        Assert.False(IsHandedOver(0xdeadbeef, 165, 3, 0));
    }

    [Fact]
    public void Each_call_is_found_again_by_its_number()
    {
        foreach (HandledCall call in SyscallTable.Calls)
        {
            Assert.Same(call, SyscallTable.Find(X64, call.X64));
            Assert.Same(call, SyscallTable.Find(X64, call.X64 | (int)X32));
            Assert.Same(call, SyscallTable.Find(I386, call.I386));
            Assert.True(call.Arm64 < 0 || SyscallTable.Find(Arm64, call.Arm64) == call);
        }

        Assert.Null(SyscallTable.Find(X64, 0));
    }

    [Fact]
    public void The_document_is_that_of_the_table()
    {
        StringBuilder text = new("""
            # Intercepted system calls

            <!-- Made from src/Caisson.Emulation/Syscalls/SyscallTable.cs; `CAISSON_ACCEPT=1` and the tests of Caisson.Emulation write it anew. -->

            These calls of a system container's processes are looked at by its monitor, through a seccomp filter of its own beside the
            profile's, also when 32-bit and x32 programs make them. All others, and these where the condition does not hold, go to the
            kernel at once. None of it is a boundary: a caller that gets round it sees the host's numbers, and nothing else.

            What is done is done only for the full root of the user namespace that the caller's mounts belong to; for anybody else,
            and where anything is in doubt, the kernel makes the call. Arguments are read once; paths are resolved in the caller's
            mount namespace, root and working directory by descriptors, and the caller is looked for again afterwards.

            | Call | Looked at when | What is done |
            | --- | --- | --- |

            """);
        foreach (HandledCall call in SyscallTable.Calls)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {call.Name} | {call.Condition.Words} | {call.What} |\n");
        }

        Golden.AssertDocument("docs/intercepted-syscalls.md", text.ToString());
    }

    static bool IsHandedOver(uint architecture, uint number, int argument, ulong value, int second = 5, ulong secondValue = 0)
    {
        ulong[] arguments = new ulong[6];
        arguments[argument] = value;
        arguments[second] = secondValue;
        return FilterMachine.Run(Filter, architecture, number, arguments) == SeccompAction.SECCOMP_RET_USER_NOTIF;
    }
}
