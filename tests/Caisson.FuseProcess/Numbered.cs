using System.Diagnostics;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.FuseProcess;

/// <summary>Another content each time, with every server: one number on all lines, of 20 bytes each. Two mixed would show.</summary>
sealed class Numbered(int length) : IReadable
{
    public Errno Read(Caller caller, ContentBuffer content)
    {
        long number = Stopwatch.GetTimestamp();
        while (content.Length < length)
        {
            content.Append(number, 19).Append((byte)'\n');
        }

        return Errno.None;
    }
}
