/** Tests of the house itself: which room may import which. */
package io.sluice.house;
