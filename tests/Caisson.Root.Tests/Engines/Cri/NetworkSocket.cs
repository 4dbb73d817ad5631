using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Caisson.Root.Tests.Engines.Cri;

/// <summary>Connections of another network namespace: a socket belongs to the one that its thread was in when it was made.</summary>
static partial class NetworkSocket
{
    const int CLONE_NEWNET = 0x40000000;

    public static Stream Connect(int pid, int port)
    {
        Socket? connection = null;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                using SafeFileHandle network = File.OpenHandle($"/proc/{pid}/ns/net");
                if (setns(network, CLONE_NEWNET) != 0)
                {
                    throw new SocketException(Marshal.GetLastPInvokeError());
                }

                connection = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                connection.Connect(IPAddress.Loopback, port);
            }
            catch (Exception thrown) when (thrown is SocketException or IOException)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? new NetworkStream(connection!, ownsSocket: true) : throw failure;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(SafeFileHandle target, int kind);
}
