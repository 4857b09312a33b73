using Etl.Domain.Countries;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Countries;

public sealed class ClosedTypesTests
{
    [Theory]
    [InlineData(typeof(NameMatch))]
    [InlineData(typeof(NumberReading))]
    [InlineData(typeof(Parsed<>))]
    public void Every_case_is_nested_and_sealed(Type closed)
    {
        var cases = closed.Assembly.GetTypes().Where(type => Is(type.BaseType, closed)).ToArray();
        Assert.NotEmpty(cases);
        Assert.All(cases, type => Assert.True(type.IsSealed && type.DeclaringType == closed, type.FullName));
        Assert.DoesNotContain(closed.GetConstructors(), constructor => constructor.IsPublic);
    }

    private static bool Is(Type? type, Type closed) =>
        type == closed || (type is { IsGenericType: true } && type.GetGenericTypeDefinition() == closed);
}
