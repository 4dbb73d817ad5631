namespace Caisson.Oci;

/// <summary>The documents that come from outside, each with a table in <see cref="SpecShape"/>.</summary>
enum OciDocument
{
    Spec,
    Process,
    Resources,
    Seccomp,
    State,
}
