using Etl.Actors.Protocol;

namespace Etl.Actors.Tests.Serialization;

/// <summary>The kinds of messages: for the wire or local, one or the other, and closed.</summary>
public sealed class ProtocolTests
{
    private static readonly Type[] Messages = [.. typeof(IWireMessage).Assembly.GetTypes().Where(IsMessage)];

    private static readonly Type[] InProtocols =
    [
        .. typeof(IWireMessage).Assembly.GetTypes()
            .Where(t => t is { Namespace: "Etl.Actors.Protocol", DeclaringType: not null, IsInterface: false }),
    ];

    [Fact]
    public void What_stands_in_a_protocol_is_a_message() => Assert.Empty(InProtocols.Except(Messages));

    [Fact]
    public void A_message_is_for_the_wire_or_local_never_both() =>
        Assert.DoesNotContain(Messages, t => t.IsAssignableTo(typeof(IWireMessage)) && t.IsAssignableTo(typeof(ILocalMessage)));

    [Fact]
    public void Messages_are_sealed()
    {
        Assert.NotEmpty(Messages);
        Assert.DoesNotContain(Messages, t => !t.IsSealed);
    }

    [Fact]
    public void What_a_region_is_sent_crosses_nodes_for_it_may_live_on_another() =>
        Assert.All(
            Messages.Where(t => t.IsAssignableTo(typeof(ReduceProtocol.IRegionMessage))),
            t => Assert.True(t.IsAssignableTo(typeof(IWireMessage)), t.Name));

    private static bool IsMessage(Type type) =>
        !type.IsInterface && (type.IsAssignableTo(typeof(IWireMessage)) || type.IsAssignableTo(typeof(ILocalMessage)));
}
