namespace Caisson.Oci;

/// <summary>Whether a problem ends the command.</summary>
public enum Severity
{
    /// <summary>The container cannot be made as asked for.</summary>
    Error,

    /// <summary>Something asked for is ignored or deprecated; runc goes on and so do we.</summary>
    Warning,
}
