using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>What a kind of sysctl lets be written, as the handlers of kernel/sysctl.c do.</summary>
interface IValueForm
{
    /// <summary>For the table in the documentation.</summary>
    string Description { get; }

    /// <summary>One write(2).</summary>
    /// <param name="old">The value so far, without a line end.</param>
    /// <param name="offset">Where in the file it goes; most kinds take only what is written at the start (sysctl_writes_strict).</param>
    /// <param name="value">Is empty, and gets the new value, if there is one.</param>
    /// <param name="isNew">There is: a list may have taken its first numbers when a later one fails the call.</param>
    Errno Apply(ReadOnlySpan<byte> old, long offset, ReadOnlySpan<byte> data, ContentBuffer value, out bool isNew);
}
