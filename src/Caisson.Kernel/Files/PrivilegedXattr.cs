using Caisson.Kernel.Namespaces;

namespace Caisson.Kernel.Files;

/// <summary>
/// The class of extended attributes that overlayfs and our own notes use: trusted ones are only for the machine's root
/// (xattr(7)); root of a user namespace mounts overlays with the option userxattr.
/// </summary>
public static class PrivilegedXattr
{
    public static string Prefix { get; } = OwnUserNamespace.IsInitial ? "trusted." : "user.";

    public static string OverlayOpaque { get; } = Prefix + "overlay.opaque";
}
