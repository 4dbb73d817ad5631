namespace Caisson.Fuse.Nodes;

/// <summary>One regular file of the flat root directory.</summary>
/// <param name="Name">Its name; a caller that means a path writes '!' for '/'.</param>
/// <param name="Mode">Permission bits; the kernel checks them.</param>
/// <param name="Content">An <see cref="IReadable"/>, an <see cref="IWritable"/> or both: what it is not, is EACCES at open.</param>
public sealed record FuseFile(string Name, uint Mode, object Content);
