using Caisson.Kernel;

namespace Caisson.Fuse.Protocol;

/// <summary>Gives the kernel one message in two parts.</summary>
delegate Errno Transmit(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest);
