namespace Caisson.Fuse.Nodes;

/// <summary>Whether the kernel's pages of a file are in use.</summary>
enum PageUse
{
    None,

    /// <summary>Somebody else has opened it, and may begin with them.</summary>
    Soon,

    Now,
}
