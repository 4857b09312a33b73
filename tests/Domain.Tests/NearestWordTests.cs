namespace Etl.Domain.Tests;

public sealed class NearestWordTests
{
    private static readonly string[] Words = ["continent", "un-region", "un-subregion", "wb-region", "wb-income"];

    [Theory]
    [InlineData("contient", "continent")]
    [InlineData("continnet", "continent")]
    [InlineData("CONTINENT", "continent")]
    [InlineData("un-regoin", "un-region")]
    [InlineData(" wb-incom ", "wb-income")]
    [InlineData("xx-region", "un-region")]
    [InlineData("population", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    public void Finds_what_was_probably_meant(string word, string? expected) => Assert.Equal(expected, NearestWord.Find(word, Words));

    [Fact]
    public void Ties_go_to_the_ordinally_first_whatever_the_order()
    {
        Assert.Equal("cat", NearestWord.Find("bat", ["rat", "cat", "hat"]));
        Assert.Equal("cat", NearestWord.Find("bat", ["hat", "cat", "rat"]));
    }

    [Fact]
    public void A_long_text_has_no_near_word() =>
        Assert.Null(NearestWord.Find(new string('a', 65), [new string('a', 64)]));
}
