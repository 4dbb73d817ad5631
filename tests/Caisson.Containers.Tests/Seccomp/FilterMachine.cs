using System.Runtime.InteropServices;
using Caisson.Kernel.Seccomp;

namespace Caisson.Containers.Tests.Seccomp;

/// <summary>Runs a filter as the kernel would, for calls and architectures that this machine cannot make.</summary>
static class FilterMachine
{
    public static uint Run(SeccompFilter filter, uint architecture, uint number, params ulong[] arguments)
    {
        uint[] data = new uint[16];
        data[0] = number;
        data[1] = architecture;
        for (int i = 0; i < arguments.Length; i++)
        {
            data[4 + (2 * i)] = (uint)arguments[i];
            data[5 + (2 * i)] = (uint)(arguments[i] >> 32);
        }

        ReadOnlySpan<sock_filter> program = MemoryMarshal.Cast<byte, sock_filter>(filter.Instructions);
        uint accumulator = 0;
        for (int at = 0; ; at++)
        {
            sock_filter it = program[at];
            switch (it.code)
            {
                case 0x20:
                    accumulator = data[it.k / 4];
                    break;
                case 0x54:
                    accumulator &= it.k;
                    break;
                case 0x05:
                    at += (int)it.k;
                    break;
                case 0x15:
                    at += accumulator == it.k ? it.jt : it.jf;
                    break;
                case 0x25:
                    at += accumulator > it.k ? it.jt : it.jf;
                    break;
                case 0x35:
                    at += accumulator >= it.k ? it.jt : it.jf;
                    break;
                case 0x45:
                    at += (accumulator & it.k) != 0 ? it.jt : it.jf;
                    break;
                case 0x06:
                    return it.k;
                default:
                    throw new InvalidOperationException($"instruction {at} has code 0x{it.code:x}");
            }
        }
    }
}
