namespace Caisson.Oci;

/// <summary>A record that is written as an object of a document.</summary>
interface IWritable
{
    /// <summary>Writes the members, in the order in which runc prints them.</summary>
    void Write(OciWriter json);
}
