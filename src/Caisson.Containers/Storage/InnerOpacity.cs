using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>
/// The marks of opaque directories in inner engines' layers. An overlay of a user namespace reads and writes them as
/// user.overlay.opaque, which no engine puts into an image; it puts trusted.overlay.opaque there, as a file of its own
/// (.wh..wh..opq). So both are kept, wherever a layer goes in or out of a container.
/// </summary>
/// <remarks>Neither overlayfs nor an engine looks at the other one's.</remarks>
static class InnerOpacity
{
    const string Inner = "user.overlay.opaque";

    /// <summary>After what came from an image has arrived.</summary>
    public static void ToInner(Fd storage, string kind) => Mirror(storage, kind, PrivilegedXattr.OverlayOpaque, Inner);

    /// <summary>Before an engine may look.</summary>
    public static void ToOuter(Fd storage, string kind) => Mirror(storage, kind, Inner, PrivilegedXattr.OverlayOpaque);

    /// <summary>Marks a layer where an outer engine keeps it; the first time takes a walk. False where nothing can be written.</summary>
    public static bool TryMakeUsable(Fd layer) =>
        StorageMarks.Has(layer, StorageMarks.Usable)
        || (DirectoryMarks.TryMirror(layer, PrivilegedXattr.OverlayOpaque, Inner) == Errno.None
            && Xattr.TrySet(layer, StorageMarks.Usable, "y"u8) == Errno.None);

    static void Mirror(Fd storage, string kind, string mark, string twin)
    {
        // In a user namespace our own overlays use the inner name.
        if (mark == twin)
        {
            return;
        }

        foreach (string path in InnerLayers.Find(storage, kind))
        {
            using Fd? layer = LayerPath.TryOpen(storage, path);
            if (layer is not null && DirectoryMarks.TryMirror(layer, mark, twin) is var errno and not Errno.None)
            {
                throw new KernelException(errno, $"setxattr {twin}", path);
            }
        }
    }
}
