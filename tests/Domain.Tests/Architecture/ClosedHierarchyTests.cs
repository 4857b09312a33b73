using System.Reflection;
using System.Runtime.CompilerServices;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Architecture;

/// <summary>
/// C# 14 has no closed types: private constructors stand in, and the protected copy constructor of a record leaves a hole that only
/// a test closes. A switch over the cases is complete only while this holds.
/// </summary>
public sealed class ClosedHierarchyTests
{
    private static readonly Type[] Types = [.. typeof(Job).Assembly.GetTypes().Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), false))];

    private static readonly Type[] AbstractRecords = [.. Types.Where(type => type.IsAbstract && type.GetMethod("<Clone>$") is not null)];

    public static TheoryData<string> Names => [.. AbstractRecords.Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_case_of_an_abstract_record_is_nested_in_it_and_sealed(string name)
    {
        var closed = typeof(Job).Assembly.GetType(name)!;
        Assert.Contains(closed.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic), c => c.IsPrivate && c.GetParameters().Length == 0);
        var cases = Types.Where(type => type.BaseType is { } b && (b.IsGenericType ? b.GetGenericTypeDefinition() : b) == closed).ToArray();
        Assert.NotEmpty(cases);
        Assert.All(cases, type => Assert.True(type.IsSealed && type.DeclaringType == closed, type.FullName));
    }

    [Fact]
    public void The_hierarchies_that_decisions_switch_over_are_among_them() => Assert.Superset(
        new HashSet<Type> { typeof(JobState), typeof(JobEvent), typeof(JobCommand), typeof(YearRule), typeof(CatalogEvent), typeof(MappedRow), typeof(Decision<,>), typeof(Result<,>) },
        AbstractRecords.ToHashSet());

    [Fact]
    public void Everything_else_is_sealed_or_static() =>
        Assert.Empty(Types.Where(type => type is { IsClass: true, IsSealed: false }).Except(AbstractRecords).Select(type => type.FullName));
}
