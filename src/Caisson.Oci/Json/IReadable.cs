namespace Caisson.Oci;

/// <summary>A record that an object of a document is read into; the reader stands at the object's brace.</summary>
interface IReadable<TSelf>
    where TSelf : class, IReadable<TSelf>
{
    static abstract TSelf Read(ref OciReader json);
}
